import type { Rule } from "../../types.ts";
import {
  defaultEncryptionRule,
  imageCopyRule,
  snapshotCopyRule,
  volumeKeyRule,
  volumeRule,
} from "./block.ts";
import {
  accessPointRootRule,
  accessPointUserRule,
  cacheKeyRule,
  fileSystemKeyRule,
  fileSystemRule,
} from "./files.ts";

export const storageRules: Rule[] = [
  volumeRule,
  volumeKeyRule,
  defaultEncryptionRule,
  snapshotCopyRule,
  imageCopyRule,
  fileSystemRule,
  fileSystemKeyRule,
  accessPointRootRule,
  accessPointUserRule,
  cacheKeyRule,
];
