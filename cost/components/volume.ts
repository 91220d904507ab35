import { lookup, type Props } from "../../graph/index.ts";
import type { Quantity3 } from "../types.ts";
import { type CostComponent, isNotKnown, type NotKnown, service, times } from "./component.ts";

/** IOPS and MiB/s that the price of a gp3 volume includes. */
const GP3_IOPS = 3000;
const GP3_MIBPS = 125;

/** A block volume as far as its price goes. */
export interface Volume {
  type: string;
  gib: number;
  iops: number;
  mibps: number;
}

/** Reads a volume from the fields of a block device; names differ between the resources that have one. */
export function readVolume(fields: Props, names: { type: string; size: string }): Volume | NotKnown {
  const type = lookup(fields, names.type);
  if (type.state !== "known")
    return { unknown: "the type of the volume is the image's own choice or not known" };
  const size = gib(fields, names.size);
  const iops = plain(fields, "iops", GP3_IOPS);
  const mibps = plain(fields, "throughput", GP3_MIBPS);
  if (size === undefined || iops === undefined || mibps === undefined) {
    return { unknown: "size, IOPS or throughput of the volume is not known before the deployment" };
  }
  return { type: String(type.value), gib: size, iops, mibps };
}

function plain(fields: Props, path: string, absent: number): number | undefined {
  const found = lookup(fields, path);
  if (found.state === "absent") return absent;
  const value = found.state === "known" ? Number(found.value) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
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
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(String(value));
  if (!match) return undefined;
  const unit = match[2] === "" ? plain : (UNITS[match[2]!] ?? Number.NaN) / 2 ** 30;
  return Number.isNaN(unit) ? undefined : Number(match[1]) * unit;
}

type Args = Parameters<CostComponent["quantity"]>;

/**
 * Lines of a volume: stored GB, and for gp3 what it is given above the included IOPS and throughput. Only gp3 is
 * in the price list.
 *
 * @param volumes the volume and how many of it there are; null when the resource has none
 */
export function volumeComponents(
  what: string,
  volumes: (...args: Args) => { volume: Volume | NotKnown; count: Quantity3 | NotKnown } | null,
  kind: "fixed" | "usage" = "fixed",
): CostComponent[] {
  const part = (
    label: string,
    unit: string,
    key: string,
    size: (volume: Volume) => number,
    always: boolean,
  ): CostComponent => ({
    what: label,
    unit,
    kind,
    price: (resource, context) => {
      const found = volumes(resource, context);
      if (found && !isNotKnown(found.volume) && found.volume.type !== "gp3") {
        return { unknown: `no price of ${found.volume.type} volumes in the catalogue` };
      }
      return service(key)(resource, context);
    },
    quantity: (resource, context) => {
      const found = volumes(resource, context);
      if (!found) return null;
      if (isNotKnown(found.volume)) return always ? found.volume : null;
      const each = size(found.volume);
      if (!always && (each <= 0 || found.volume.type !== "gp3")) return null;
      return isNotKnown(found.count) ? found.count : times(found.count, each);
    },
  });
  return [
    part(what, "GB-month", "ebs.gp3.gb-month", (volume) => volume.gib, true),
    part(
      `${what}: IOPS above ${GP3_IOPS}`,
      "IOPS-month",
      "ebs.gp3.iops-month",
      (v) => v.iops - GP3_IOPS,
      false,
    ),
    part(
      `${what}: throughput above ${GP3_MIBPS} MiB/s`,
      "MiB/s-month",
      "ebs.gp3.mibps-month",
      (volume) => volume.mibps - GP3_MIBPS,
      false,
    ),
  ];
}
