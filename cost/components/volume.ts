import { lookup, type Props } from "../../graph/index.ts";
import type { Quantity3 } from "../types.ts";
import { type CostComponent, exactly, isNotKnown, type NotKnown, service, times } from "./component.ts";
import { ABSURD } from "./read.ts";

/** IOPS and MiB/s that the price of a gp3 volume includes. */
const GP3_IOPS = 3000;
const GP3_MIBPS = 125;
/** IOPS up to which each of the three prices of io2 holds. */
const IO2_TIERS = [32_000, 64_000] as const;

/** A block volume as far as its price goes. */
export interface Volume {
  type: string;
  gib: number;
  /** null where none are given: the type's own. */
  iops: number | null;
  mibps: number | null;
}

/** Reads a volume from the fields of a block device; names differ between the resources that have one. */
export function readVolume(fields: Props, names: { type: string; size: string }): Volume | NotKnown {
  const type = lookup(fields, names.type);
  if (type.state !== "known" || typeof type.value !== "string")
    return { unknown: "the type of the volume is the image's own choice or not known" };
  const size = gib(fields, names.size);
  const iops = plain(fields, "iops");
  const mibps = plain(fields, "throughput");
  if (size === undefined || iops === undefined || mibps === undefined) {
    return { unknown: "size, IOPS or throughput of the volume is not known before the deployment" };
  }
  return { type: type.value, gib: size, iops, mibps };
}

/** A number that may be left out; undefined when it is not known, or no quantity. */
function plain(fields: Props, path: string): number | null | undefined {
  const found = lookup(fields, path);
  if (found.state === "absent") return null;
  const value = found.state === "known" && typeof found.value !== "object" ? Number(found.value) : Number.NaN;
  return value >= 0 && value <= ABSURD ? value : undefined;
}

function gib(fields: Props, path: string): number | undefined {
  const found = lookup(fields, path);
  return found.state === "known" ? parseGib(found.value) : undefined;
}

/** Bytes of the units of a Kubernetes quantity. */
const UNITS: Record<string, number> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/**
 * GiB of a size ("150Gi", "100G", 50).
 *
 * @param plain GiB of one, for a number without a unit: AWS counts in GiB, Kubernetes in bytes.
 */
export function parseGib(value: unknown, plain = 1): number | undefined {
  if (typeof value === "object") return undefined;
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(String(value));
  if (!match) return undefined;
  const unit = match[2] === "" ? plain : (UNITS[match[2]!] ?? Number.NaN) / 2 ** 30;
  const size = Number(match[1]) * unit;
  return size <= ABSURD ? size : undefined;
}

/** One thing that a volume of a type is charged for. */
interface Part {
  label: string;
  unit: string;
  key: string;
  size: (volume: Volume) => number | NotKnown;
}

const stored = (type: string): Part => ({
  label: "",
  unit: "GB-month",
  key: `ebs.${type}.gb-month`,
  size: ({ gib }) => gib,
});

/** IOPS that have to be given: these types have none of their own. */
const provisioned = (from: number, to: number) => (volume: Volume) =>
  volume.iops === null
    ? { unknown: `the IOPS of the ${volume.type} volume are not given` }
    : Math.max(0, Math.min(volume.iops, to) - from);

/** What each type of volume is charged for. */
const PARTS: Record<string, readonly Part[]> = {
  gp3: [
    stored("gp3"),
    {
      label: `: IOPS above ${GP3_IOPS}`,
      unit: "IOPS-month",
      key: "ebs.gp3.iops-month",
      size: ({ iops }) => (iops ?? GP3_IOPS) - GP3_IOPS,
    },
    {
      label: `: throughput above ${GP3_MIBPS} MiB/s`,
      unit: "MiB/s-month",
      key: "ebs.gp3.mibps-month",
      size: ({ mibps }) => (mibps ?? GP3_MIBPS) - GP3_MIBPS,
    },
  ],
  gp2: [stored("gp2")],
  io1: [
    stored("io1"),
    {
      label: ": IOPS",
      unit: "IOPS-month",
      key: "ebs.io1.iops-month",
      size: provisioned(0, Number.POSITIVE_INFINITY),
    },
  ],
  io2: [
    stored("io2"),
    { label: ": IOPS", unit: "IOPS-month", key: "ebs.io2.iops-month", size: provisioned(0, IO2_TIERS[0]) },
    {
      label: `: IOPS above ${IO2_TIERS[0]}`,
      unit: "IOPS-month",
      key: "ebs.io2.iops-tier2-month",
      size: provisioned(IO2_TIERS[0], IO2_TIERS[1]),
    },
    {
      label: `: IOPS above ${IO2_TIERS[1]}`,
      unit: "IOPS-month",
      key: "ebs.io2.iops-tier3-month",
      size: provisioned(IO2_TIERS[1], Number.POSITIVE_INFINITY),
    },
  ],
  st1: [stored("st1")],
  sc1: [stored("sc1")],
  standard: [stored("standard")],
};

type Args = Parameters<CostComponent["quantity"]>;

/**
 * Lines of a volume: stored GB, and what its type is charged for beside them.
 *
 * @param volumes the volume and how many of it there are; null when the resource has none
 */
export function volumeComponents(
  what: string,
  volumes: (...args: Args) => { volume: Volume | NotKnown; count: Quantity3 | NotKnown } | null,
  kind: "fixed" | "usage" = "fixed",
): CostComponent[] {
  const part = (type: string, { label, unit, key, size }: Part): CostComponent => ({
    what: `${what} (${type})${label}`,
    unit,
    kind,
    price: service(key),
    quantity: (resource, context) => {
      const found = volumes(resource, context);
      if (!found || isNotKnown(found.volume) || found.volume.type !== type) return null;
      const each = size(found.volume);
      if (isNotKnown(each)) return each;
      if (label !== "" && each <= 0) return null;
      return isNotKnown(found.count) ? found.count : times(found.count, each);
    },
  });
  const open = (...args: Args): string | undefined => {
    const found = volumes(...args);
    if (!found) return undefined;
    if (isNotKnown(found.volume)) return found.volume.unknown;
    return Object.hasOwn(PARTS, found.volume.type)
      ? undefined
      : `no price of ${found.volume.type} volumes in the catalogue`;
  };
  return [
    ...Object.entries(PARTS).flatMap(([type, parts]) => parts.map((each) => part(type, each))),
    {
      what,
      unit: "volume",
      kind,
      price: (...args) => ({ unknown: open(...args) ?? "" }),
      quantity: (...args) => (open(...args) === undefined ? null : exactly(1)),
    },
  ];
}
