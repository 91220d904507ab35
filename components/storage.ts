import * as s3 from "@pulumi/aws/s3/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { StoragePlan } from "../plan/index.ts";
import { Component, type ComponentArgs, demand } from "./base.ts";

export interface WeightsBucketArgs extends ComponentArgs {
  /** The bucket of the AWS layer. */
  readonly plan: StoragePlan;
  /** Customer key. @default - SSE-KMS with the account's S3 key */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/**
 * The bucket that holds the model weights: private, encrypted, versioned, TLS only, with a lifecycle for old
 * versions.
 *
 * ### Cost
 * Stored GB by the month, and requests when engines load.
 */
export class WeightsBucket extends Component {
  static readonly __pulumiType = "freehold:serving:WeightsBucket";
  readonly bucketName: pulumi.Output<string>;
  private readonly bucket: s3.Bucket;

  constructor(name: string, args: WeightsBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    demand(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(plan.bucket),
      "plan.bucket",
      `${plan.bucket} is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens`,
    );
    for (const days of ["noncurrentDays", "abortMultipartDays"] as const) {
      demand(
        Number.isInteger(plan[days]) && plan[days] > 0,
        `plan.${days}`,
        `${plan[days]} is not a whole number of days from 1 on`,
      );
    }
    super(WeightsBucket.__pulumiType, name, args, opts);
    const parent = { parent: this };
    this.bucket = new s3.Bucket(`${name}-bucket`, { bucket: plan.bucket }, parent);
    const bucket = this.bucket.bucket;
    const block = new s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    new s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              ...(args.kmsKeyArn !== undefined && { kmsMasterKeyId: args.kmsKeyArn }),
            },
            bucketKeyEnabled: true,
          },
        ],
      },
      parent,
    );
    const versioning = new s3.BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      parent,
    );
    new s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket,
        rules: [
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: plan.noncurrentDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: plan.abortMultipartDays },
          },
        ],
      },
      { parent: this, dependsOn: [versioning] },
    );
    // A policy that the block would call public is refused while the block is being set.
    new s3.BucketPolicy(
      `${name}-policy`,
      { bucket, policy: JSON.stringify(plan.policy) },
      { parent: this, dependsOn: [block] },
    );
    this.bucketName = bucket;
    this.registerOutputs({ bucketName: this.bucketName });
  }

  /** The raw children. */
  get nodes() {
    return { bucket: this.bucket };
  }
}
