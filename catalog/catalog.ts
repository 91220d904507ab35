import { nearest } from "../config/nearest.ts";
import { readAsOf, readPrices, readTable } from "./load.ts";
import type { OwnPrice } from "./price-list.ts";
import type { PriceTable } from "./tables.ts";
import type {
  AmiFact,
  Chart,
  EngineVersion,
  Gpu,
  GuideFigure,
  HipaaService,
  HostedWeights,
  Instance,
  InstancePrice,
  IntelligenceRow,
  KubernetesVersion,
  LlmApiPrice,
  LlmTerm,
  ModelShape,
  Region,
  ServicePrice,
  SpotInterruption,
} from "./types.ts";

/** A value that is made on the first call and kept. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Compares release numbers part by part: 0.9.0 is before 0.30.0. */
function byRelease(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) - (right[i] ?? 0);
  }
  return 0;
}

const plain = (name: string) => name.toLowerCase().replace(/[\s_]+/g, "");

/** The catalogue over one data folder. Each file is read and checked on the first call that needs it. */
export function openCatalog(folder: () => string) {
  const table = <Row>(name: string) => once(() => readTable<Row>(folder(), name));
  const index = <Row>(rows: () => Row[], key: (row: Row) => string) =>
    once(() => new Map(rows().map((row) => [key(row), row])));

  const regions = table<Region>("regions");
  const regionIndex = index(regions, (row) => row.region);
  const instances = table<Instance>("instances");
  const instanceIndex = index(instances, (row) => row.type);
  const hipaaServices = index(table<HipaaService>("hipaa-services"), (row) => row.module);
  const gpus = table<Gpu>("gpus");
  const gpuIndex = index(gpus, (row) => plain(row.name));
  const models = table<ModelShape>("models");
  const modelIndex = index(models, (row) => row.repo.toLowerCase());
  const llmApis = table<LlmApiPrice>("llm-apis");
  const hostedWeights = table<HostedWeights>("llm-weights");
  const llmTerms = table<LlmTerm>("llm-terms");
  const intelligence = table<IntelligenceRow>("intelligence");
  const guides = index(table<GuideFigure>("guides"), (row) => row.key);
  const interruptions = index(
    table<SpotInterruption>("spot-interruptions"),
    (row) => `${row.instance} ${row.region}`,
  );
  const engines = table<EngineVersion>("engines");
  const charts = table<Chart>("charts");
  const amis = table<AmiFact>("amis");
  const kubernetesVersions = table<KubernetesVersion>("kubernetes");
  const services = index(table<ServicePrice>("service-prices"), (row) => `${row.key} ${row.region}`);
  const prices = once(() => readPrices(folder()));
  const priceIndex = once(() => new Map(prices().rows.map((row) => [row.type, row])));
  const asOf = once(() => readAsOf(folder()));

  // Prices of the user's own price lists, which go before the bundled ones.
  let own = new Map<string, OwnPrice>();
  const ownPrice = (type: string, region: string) => own.get(`${type.toLowerCase()} ${region}`);

  function withOwn(price: InstancePrice): InstancePrice {
    const row = ownPrice(price.instance, price.region);
    if (!row?.onDemandUsdPerHour) return price;
    const { onDemandUsdPerHour, source, asOf } = row;
    return { ...price, onDemandUsdPerHour, reason: null, source, asOf };
  }

  function toPrice(row: PriceTable["rows"][number], region: string): InstancePrice {
    const cell = row.prices[region];
    const [onDemand, spot, origin] = cell ?? [null, null, null];
    const [source, date] = origin === null ? [null, null] : prices().sources[origin]!;
    // A type without any On-Demand price in the complete price lists is sold as Capacity Blocks only.
    const blocksOnly = !Object.values(row.prices).some(([listed]) => listed !== null);
    const reason =
      onDemand !== null
        ? null
        : blocksOnly
          ? "capacity-block-only"
          : !cell && row.notOffered.includes(region)
            ? "not-offered"
            : "no-data";
    return {
      instance: row.type,
      region,
      onDemandUsdPerHour: onDemand,
      spotUsdPerHour: spot,
      reason,
      source,
      asOf: date,
    };
  }

  return {
    /** All AWS regions that the catalogue knows, in every partition. */
    regions,
    region: (name: string): Region | undefined => regionIndex().get(name),
    /**
     * Region names and sets (`eea`, `eu-adequate`, `us`, `eusc`) as a sorted list of regions. A set is a list of
     * regions by their country, never a pattern over names.
     *
     * @returns `unknown`: the words that are neither a region nor a set.
     */
    expandRegionSet(names: string | readonly string[]): { regions: string[]; unknown: string[] } {
      const found = new Set<string>();
      const unknown: string[] = [];
      for (const name of typeof names === "string" ? [names] : names) {
        const members = regions().filter((row) => row.region === name || row.sets.includes(name));
        if (members.length === 0) unknown.push(name);
        for (const row of members) found.add(row.region);
      }
      return { regions: [...found].sort(), unknown };
    },
    /** The HIPAA-eligible service that a module of the AWS provider makes; undefined = not on the dated list. */
    hipaaService: (module: string): HipaaService | undefined => hipaaServices().get(module),
    /** Date of the list of HIPAA-eligible services. */
    hipaaServicesAsOf: (): string => [...hipaaServices().values()][0]!.asOf,
    instances,
    instance: (type: string): Instance | undefined => instanceIndex().get(type.toLowerCase()),
    /**
     * Price of an instance in a region, USD per hour, Linux, shared tenancy. A price that is not known is null with
     * a reason: `not-offered` when the price lists cover the region without the type, `capacity-block-only` for a
     * type that has no On-Demand price anywhere, else `no-data`.
     */
    instancePrice(type: string, region: string): InstancePrice {
      const row = priceIndex().get(type.toLowerCase());
      if (row) return withOwn(toPrice(row, region));
      return withOwn({
        instance: type,
        region,
        onDemandUsdPerHour: null,
        spotUsdPerHour: null,
        reason: "no-data",
        source: null,
        asOf: null,
      });
    },
    /** The prices of every type that has a row in the region. */
    instancePrices: (region: string): InstancePrice[] =>
      prices()
        .rows.filter((row) => row.prices[region] || ownPrice(row.type, region))
        .map((row) => withOwn(toPrice(row, region))),
    /**
     * Puts the prices of the user's own price lists before the bundled ones; none takes them away again. Spot prices
     * are in no price list and stay.
     */
    useOwnPrices(rows: readonly OwnPrice[]): void {
      own = new Map(rows.map((row) => [`${row.instance.toLowerCase()} ${row.region}`, row]));
    },
    /** Own prices of a type in a region, reserved ones too; null = none. */
    ownPrice: (type: string, region: string): OwnPrice | null => ownPrice(type, region) ?? null,
    /** Regions with a known On-Demand price of the type. */
    regionsWithPrice: (type: string): string[] => {
      const listed = Object.entries(priceIndex().get(type.toLowerCase())?.prices ?? {})
        .filter(([, [onDemand]]) => onDemand !== null)
        .map(([region]) => region);
      const stated = [...own.values()]
        .filter((row) => row.instance === type.toLowerCase() && row.onDemandUsdPerHour !== null)
        .map(({ region }) => region);
      return [...new Set([...listed, ...stated])].sort();
    },
    gpus,
    /**
     * A card by its name, in any case and with or without spaces. A name without the memory (`L40S`) is enough
     * where only one card has it.
     */
    gpu(name: string): Gpu | undefined {
      const wanted = plain(name);
      const exact = gpuIndex().get(wanted);
      if (exact) return exact;
      const sizes = gpus().filter((row) => plain(row.name).startsWith(`${wanted}-`));
      return sizes.length === 1 ? sizes[0] : undefined;
    },
    models,
    /** A model by its Hugging Face name, in any case. */
    model: (repo: string): ModelShape | undefined => modelIndex().get(repo.toLowerCase()),
    /** Names of the catalogue closest to a name that is not in it; an organisation that differs costs little. */
    similarModels(repo: string, count: number): string[] {
      const tail = (name: string) => name.slice(name.indexOf("/") + 1);
      const byTail = new Map(models().map((row) => [tail(row.repo), row.repo]));
      const whole = nearest(
        repo,
        models().map((row) => row.repo),
        count,
      );
      const short = nearest(tail(repo), [...byTail.keys()], count).map((name) => byTail.get(name)!);
      return [...new Set([...short, ...whole])].slice(0, count);
    },
    llmApis,
    /** Which open weights hosted models are. */
    hostedWeights,
    llmTerms,
    /** The published table of intelligence and price, in its own order. */
    intelligence,
    /** A figure of a public buying guide. Its key is part of this program, so that a wrong one is a defect. */
    guideFigure(key: string): GuideFigure {
      const row = guides().get(key);
      if (!row) throw new Error(`no figure ${key} in guides.json`);
      return row;
    },
    /** How often spot instances of the type were reclaimed in the region; null = not known. */
    spotInterruption: (type: string, region: string): SpotInterruption | null =>
      interruptions().get(`${type} ${region}`) ?? null,
    engines,
    /** A release by its number (`0.30.0` or `v0.30.0`); without one, the newest whose image digest is known. */
    engine(version?: string): EngineVersion | undefined {
      if (version !== undefined) return engines().find((row) => row.version === version.replace(/^v/, ""));
      return engines()
        .filter((row) => row.digest !== null)
        .sort((a, b) => byRelease(b.version, a.version))[0];
    },
    charts,
    chart: (name: string): Chart | undefined => charts().find((row) => row.name === name),
    amis,
    ami: (amiType: string): AmiFact | undefined => amis().find((row) => row.amiType === amiType),
    /** Kubernetes minors on EKS with the days on which their support ends. */
    kubernetesVersions,
    kubernetesVersion: (minor: string): KubernetesVersion | undefined =>
      kubernetesVersions().find((row) => row.minor === minor),
    /** Price of an AWS service in a region; null when it is not known there (no price is carried over). */
    servicePrice: (key: string, region: string): ServicePrice | null =>
      services().get(`${key} ${region}`) ?? null,
    /** The newest date over all rows. */
    catalogAsOf: asOf,
  };
}
