import * as s3 from "@pulumi/aws/s3/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { StoragePlan } from "../plan/index.ts";

export interface WeightsBucketArgs {
  readonly plan: StoragePlan;
  /** Customer key. @default SSE-KMS with the account's S3 key */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/**
 * The bucket that holds the model weights: private, encrypted, versioned, TLS only, with a lifecycle for old
 * versions.
 *
 * Cost: stored GB, and requests when engines load.
 */
export class WeightsBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  private readonly bucket: s3.Bucket;

  constructor(name: string, args: WeightsBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("freehold:serving:WeightsBucket", name, {}, opts);
    const { plan } = args;
    const parent = { parent: this };
    this.bucket = new s3.Bucket(name, { bucket: plan.bucket }, parent);
    const bucket = this.bucket.bucket;
    const block = new s3.BucketPublicAccessBlock(
      name,
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
      name,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    new s3.BucketServerSideEncryptionConfiguration(
      name,
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
      name,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      parent,
    );
    new s3.BucketLifecycleConfiguration(
      name,
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
      name,
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
