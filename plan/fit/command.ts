import type { EngineVersion, Gpu, Instance, ModelShape } from "../../catalog/index.ts";
import { csvTable } from "./csv-rows.ts";
import { engineWritten } from "./engine-rules.ts";
import { type Explanation, explainFit } from "./explain.ts";
import { fitReplica, ownStamp } from "./fit.ts";
import { type FitFlags, type FitRequest, readFlags } from "./flags.ts";
import { fleet } from "./fleet.ts";
import type { Candidate } from "./nearest-fit.ts";
import { nothingKnown } from "./nothing-known.ts";
import type { EngineFacts, FitDocument, FitInput, FitReason, FitsDocument, Stamp, Unknown } from "./types.ts";

/** The part of the catalogue that the command reads; the catalogue itself is one. */
export interface CatalogLike {
  /** A row, or for a folder what its config.json says. */
  model(name: string): ModelShape | Unknown | undefined;
  gpu(name: string): Gpu | undefined;
  instance(type: string): Instance | undefined;
  instances(): readonly Instance[];
  engine(version?: string): EngineVersion | undefined;
  engines(): readonly EngineVersion[];
  /** US dollars an hour where the type costs least; null = no price known. */
  cheapestPrice(type: string): number | null;
}

export interface FitError {
  error: { code: string; message: string; value: string | null };
  /** Further problems of the same flags. */
  more: { code: string; message: string; value: string | null }[];
}

/** How many machines are proposed for a model alone. */
const PROPOSALS = 3;

/**
 * `freehold fit`: one document for a named machine, the three best machines for a model alone.
 *
 * @returns an error for wrong usage: an unknown model, card or instance, a value that cannot be read.
 */
export function fitFromFlags(
  flags: FitFlags,
  catalog: CatalogLike,
  stamp: Stamp = ownStamp(),
): FitDocument | FitsDocument | FitError {
  const { request, problems } = readFlags(flags);
  const [first, ...more] = problems.map(({ code, message }) => ({ code, message, value: null }));
  if (first) return { error: first, more };
  const found = resolve(request, catalog);
  // A model that cannot be reckoned with is an answer, not a mistake of who asked.
  if ("code" in found && found.code === "model-shape-unknown") {
    const document = unjudged(request, [found], stamp);
    const isAlone = request.instance === undefined && request.gpu === undefined;
    return isAlone ? { schema: "freehold.fits/v1", ...stamp, rows: [document] } : document;
  }
  if ("code" in found) {
    const { code, message } = found;
    return { error: { code, message, value: givenValue(found, request) }, more: [] };
  }
  if (found.machine === null) return proposals(found, request, catalog, stamp);
  return fitOn(found, found.machine, request, catalog, stamp);
}

/**
 * `freehold fit --explain`: the arithmetic behind the document of the same flags.
 *
 * @returns null for a model alone, whose rows each stand for another machine, and where nothing can be computed.
 */
export function explainFromFlags(
  flags: FitFlags,
  catalog: CatalogLike,
  document: FitDocument,
): Explanation | null {
  const found = resolve(readFlags(flags).request, catalog);
  if ("code" in found || found.machine === null) return null;
  const input = inputOf(found, found.machine, readFlags(flags).request);
  const explained = explainFit(input, document.tensorParallel ?? 1);
  return "code" in explained ? null : explained;
}

/**
 * `freehold fit --batch`: one document per row, in order. A row that cannot be judged is `unknown` with its reasons.
 * Never throws.
 *
 * @param defaults flags of every row that leaves the cell empty
 */
export function fitBatch(
  csvText: string,
  catalog: CatalogLike,
  stamp: Stamp = ownStamp(),
  defaults: FitFlags = {},
): FitsDocument {
  const rows = csvTable(csvText).map(({ cells, beyond }) => {
    const given = Object.entries(cells).filter(([, cell]) => cell !== "");
    const { request, problems } = readFlags({ ...defaults, ...Object.fromEntries(given) });
    if (beyond.length > 0)
      problems.push(reason("row-too-long", `cells beyond the header: ${beyond.join(", ")}; quote commas`));
    if (problems.length > 0) return unjudged(request, problems, stamp);
    const found = resolve(request, catalog);
    if ("code" in found) return unjudged(request, [found], stamp);
    if (found.machine === null)
      return unjudged(request, [reason("machine-missing", "a row needs instance, or gpu")], stamp);
    return fitOn(found, found.machine, request, catalog, stamp);
  });
  return { schema: "freehold.fits/v1", ...stamp, rows };
}

interface Resolved {
  shape: ModelShape;
  engine: EngineFacts;
  /** null for a model alone. */
  machine: Candidate | null;
  notes: FitReason[];
}

function resolve(request: FitRequest, catalog: CatalogLike): Resolved | FitReason {
  if (request.model === "") return reason("model-missing", "no model is named");
  const shape = catalog.model(request.model);
  if (shape === undefined) return reason("model-unknown", `${request.model} is not in the catalogue`);
  if ("unknown" in shape)
    return reason("model-shape-unknown", `${request.model}: cannot read ${shape.unknown}`);
  const notes: FitReason[] = [];
  const engine = engineOf(request, catalog, notes);
  if (engine === undefined)
    return reason(
      "engine-unknown",
      `engine version ${request.engineVersion} is neither a release nor a date`,
    );
  const machine = machineOf(request, catalog);
  return machine !== null && "code" in machine ? machine : { shape, engine, machine, notes };
}

function engineOf(request: FitRequest, catalog: CatalogLike, notes: FitReason[]): EngineFacts | undefined {
  if (request.engineVersion === undefined) return catalog.engine();
  const found = engineWritten(request.engineVersion, catalog.engines());
  if (found?.nearest)
    notes.push(
      reason(
        "engine-nearest",
        `"${request.engineVersion}" is judged by the rules of vLLM ${found.engine.version}`,
      ),
    );
  return found?.engine;
}

function machineOf(request: FitRequest, catalog: CatalogLike): Candidate | FitReason | null {
  if (request.instance !== undefined) {
    const row = catalog.instance(request.instance);
    if (row === undefined) return reason("instance-unknown", `${request.instance} is not in the catalogue`);
    const machine = candidate(row, catalog);
    return (
      machine ?? reason("instance-without-gpu", `${row.type} has no NVIDIA GPU that the catalogue knows`)
    );
  }
  if (request.gpu === undefined) return null;
  const gpu = catalog.gpu(request.gpu);
  if (gpu === undefined) return reason("gpu-unknown", `the card ${request.gpu} is not in the catalogue`);
  const ranks = (request.tensorParallel ?? 1) * (request.pipelineParallel ?? 1) * (request.dataParallel ?? 1);
  return { instance: null, gpu, gpus: request.gpus ?? ranks, allocatableMib: null };
}

function candidate(row: Instance, catalog: CatalogLike): Candidate | null {
  const gpu = row.gpu === null ? undefined : catalog.gpu(row.gpu);
  if (gpu === undefined || row.gpus < 1) return null;
  return { instance: row.type, gpu, gpus: row.gpus, allocatableMib: row.allocatableMib };
}

/** Machines by price, those without one last. The images of the engine are built for x86_64. */
function machines(catalog: CatalogLike): Candidate[] {
  const known = MACHINES.get(catalog);
  if (known !== undefined) return known;
  const found = catalog
    .instances()
    .filter((row) => row.arch === "x86_64")
    .map((row) => ({ machine: candidate(row, catalog), usd: catalog.cheapestPrice(row.type) }))
    .filter((row): row is { machine: Candidate; usd: number | null } => row.machine !== null)
    .sort(
      (a, b) =>
        (a.usd ?? Number.POSITIVE_INFINITY) - (b.usd ?? Number.POSITIVE_INFINITY) ||
        a.machine.instance!.localeCompare(b.machine.instance!),
    )
    .map((row) => row.machine);
  MACHINES.set(catalog, found);
  return found;
}

/** A batch asks once for every row. */
const MACHINES = new WeakMap<CatalogLike, Candidate[]>();

function fitOn(
  found: Resolved,
  machine: Candidate,
  request: FitRequest,
  catalog: CatalogLike,
  stamp: Stamp,
): FitDocument {
  // Other machines are proposed only to who named one of AWS.
  const others = machine.instance === null ? [] : machines(catalog);
  const input = inputOf(found, machine, request);
  const document = fitReplica(input, others, stamp);
  return {
    ...document,
    reasons: [...document.reasons, ...found.notes],
    fleet: fleetOf(input, catalog),
  };
}

function inputOf(found: Resolved, machine: Candidate, request: FitRequest): FitInput {
  const { model: _model, gpu: _gpu, gpus: _gpus, engineVersion: _version, ...settings } = request;
  return {
    ...settings,
    shape: found.shape,
    engine: found.engine,
    gpu: machine.gpu,
    gpusPerNode: machine.gpus,
    instance: machine.instance,
    allocatableMib: machine.allocatableMib,
  };
}

/** The cheapest machines that fit, one per kind and number of cards; then tight ones; then what says why none does. */
function proposals(found: Resolved, request: FitRequest, catalog: CatalogLike, stamp: Stamp): FitsDocument {
  const rank = { fits: 0, tight: 1, unknown: 2, no: 3 };
  const seen = new Set<string>();
  const documents = machines(catalog)
    .map((machine) => fitReplica(inputOf(found, machine, request), [], stamp))
    .map((document, price) => ({ document, price }))
    .sort(
      (a, b) =>
        rank[a.document.verdict] - rank[b.document.verdict] ||
        // Among those that do not fit, the roomiest says most.
        (a.document.verdict === "no" ? room(b.document) - room(a.document) : 0) ||
        a.price - b.price,
    )
    .map(({ document }) => document)
    .filter(({ gpu, gpus }) => {
      const kind = `${gpu} ${gpus}`;
      return !seen.has(kind) && seen.add(kind);
    });
  const rows = documents.slice(0, PROPOSALS).map((document) => {
    const machine = machines(catalog).find(({ instance }) => instance === document.instance)!;
    return {
      ...document,
      reasons: [...document.reasons, ...found.notes],
      fleet: fleetOf(inputOf(found, machine, request), catalog),
    };
  });
  return { schema: "freehold.fits/v1", ...stamp, rows };
}

/** The ways to carry the target load on machines of that type; null where no target is given. */
function fleetOf(input: FitInput, catalog: CatalogLike) {
  if (input.target === undefined) return null;
  return fleet(input, input.target, input.instance == null ? null : catalog.cheapestPrice(input.instance));
}

function room(document: FitDocument): number {
  return document.perGpu.kvCacheGiB?.expected ?? Number.NEGATIVE_INFINITY;
}

function reason(code: string, message: string): FitReason {
  return { code, message, need: null, have: null, unit: null };
}

function givenValue(problem: FitReason, request: FitRequest): string | null {
  if (problem.code.startsWith("model")) return request.model;
  if (problem.code.startsWith("instance")) return request.instance ?? null;
  if (problem.code.startsWith("gpu")) return request.gpu ?? null;
  return request.engineVersion ?? null;
}

function unjudged(request: FitRequest, reasons: FitReason[], stamp: Stamp): FitDocument {
  return {
    schema: "freehold.fit/v1",
    ...stamp,
    model: request.model,
    quantization: request.quantization ?? "auto",
    gpu: request.gpu ?? null,
    gpus: request.gpus ?? null,
    instance: request.instance ?? null,
    tensorParallel: request.tensorParallel ?? null,
    pipelineParallel: request.pipelineParallel ?? 1,
    engineVersion: request.engineVersion ?? null,
    verdict: "unknown",
    reasons,
    ...nothingKnown(),
    maxModelLen: request.maxModelLen ?? null,
  };
}
