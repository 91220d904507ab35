import type { Resource } from "../../graph/index.ts";
import { type ComponentTable, type CostComponent, exactly, service } from "./component.ts";
import { number, referred, text } from "./read.ts";
import { hourly, reasonOf, used, usedOf } from "./rows.ts";
import { readVolume, volumeComponents } from "./volume.ts";

const VOLUME = "aws:ebs/volume:Volume";

const isArchived = (resource: Resource) => text(resource, "storageTier") === "archive";

/** Size of the volume that a snapshot is taken of, where the graph has it. */
function volumeSize(
  resource: Resource,
  context: Parameters<CostComponent["quantity"]>[1],
): number | undefined {
  const volume = referred(resource, "volumeId", context.graph).find(({ type }) => type === VOLUME);
  const size = volume ? number(volume, "size", { unknown: "" }) : undefined;
  return typeof size === "number" ? size : undefined;
}

const snapshot = (key: string, archived: boolean): CostComponent => ({
  what: archived ? "archived snapshot" : "snapshot",
  unit: "GB-month",
  kind: "usage",
  price: service(key),
  uses: ["snapshot.gb"],
  quantity: (resource, context) => {
    if (isArchived(resource) !== archived) return null;
    const size = volumeSize(resource, context);
    return size === undefined || context.usage?.(resource, "snapshot.gb")
      ? usedOf(resource, context, "snapshot.gb")
      : { min: 0, expected: size, max: size };
  },
  reason: (resource, context) =>
    volumeSize(resource, context) === undefined || context.usage?.(resource, "snapshot.gb")
      ? reasonOf(resource, context, "snapshot.gb")
      : "the whole volume at most: only blocks that were written are kept",
});

const SNAPSHOT = [snapshot("ebs.snapshot.gb-month", false), snapshot("ebs.snapshot-archive.gb-month", true)];

/** Block volumes and their snapshots. */
export const VOLUMES: ComponentTable = {
  [VOLUME]: [
    ...volumeComponents("volume", (resource) => ({
      // The API's own default is gp2.
      volume: readVolume({ type: "gp2", ...resource.props }, { type: "type", size: "size" }),
      count: exactly(1),
    })),
    used("requests to a magnetic volume", "1000000 I/O", "ebs.standard.io.1m", "volume.io.1m", {
      when: (resource) => text(resource, "type") === "standard",
    }),
  ],
  "aws:ebs/snapshot:Snapshot": SNAPSHOT,
  "aws:ebs/snapshotCopy:SnapshotCopy": SNAPSHOT,
  "aws:ebs/snapshotImport:SnapshotImport": SNAPSHOT,
  "aws:ebs/fastSnapshotRestore:FastSnapshotRestore": [
    hourly("fast restore in one zone", "zone-hour", "ebs.fast-restore.hour"),
  ],
};
