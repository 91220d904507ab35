/** STO-06 to 10: file systems. */
import { isTrue, ofType, requireKey, rule } from "../helpers.ts";
import { asText } from "../text.ts";

/** EFS does not encrypt unless it is asked to, and cannot later. */
export const fileSystemRule = rule(
  "STO-06",
  "File systems are encrypted",
  "Each EFS file system is encrypted.",
  (found, graph) => {
    for (const system of ofType(graph, "efs.FileSystem"))
      found.require(system, "encrypted", isTrue, "the file system is not encrypted", "encrypted: true");
  },
);

export const fileSystemKeyRule = rule(
  "STO-07",
  "File systems have an own key",
  "Each EFS file system names a customer-managed key.",
  (found, graph) => {
    for (const system of ofType(graph, "efs.FileSystem"))
      requireKey(found, system, "kmsKeyId", graph, "kmsKeyId: the ARN of your key");
  },
);

/** Without a path an access point shows the whole file system. */
export const accessPointRootRule = rule(
  "STO-08",
  "Access points show a directory of their own",
  "The root directory of each EFS access point is not /.",
  (found, graph) => {
    for (const point of ofType(graph, "efs.AccessPoint"))
      found.require(
        point,
        "rootDirectory.path",
        (value) => /[^/]/.test(asText(value)),
        "the access point shows the whole file system",
        "rootDirectory: { path: /data }",
      );
  },
);

export const accessPointUserRule = rule(
  "STO-09",
  "Access points force an identity",
  "Each EFS access point names the POSIX user and group that every request runs as.",
  (found, graph) => {
    for (const point of ofType(graph, "efs.AccessPoint")) {
      for (const id of ["uid", "gid"])
        found.require(
          point,
          `posixUser.${id}`,
          (value) => /^\d+$/.test(asText(value)),
          "clients state their own identity",
          "posixUser: { uid: 1000, gid: 1000 }",
        );
    }
  },
);

/** Scratch file systems of Lustre cannot have an own key, so they cannot pass. */
export const cacheKeyRule = rule(
  "STO-10",
  "Model caches have an own key",
  "Each FSx file system (Lustre, OpenZFS, ONTAP) names a customer-managed key.",
  (found, graph) => {
    for (const system of ofType(
      graph,
      "fsx.LustreFileSystem",
      "fsx.OpenZfsFileSystem",
      "fsx.OntapFileSystem",
    ))
      requireKey(
        found,
        system,
        "kmsKeyId",
        graph,
        "kmsKeyId: the ARN of your key (Lustre: deploymentType PERSISTENT_2)",
      );
  },
);
