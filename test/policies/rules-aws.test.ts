import { expect, test } from "vitest";
import { awsCases } from "./cases/aws.ts";
import { judge, testCases } from "./graphs.ts";

testCases(awsCases);

test("KMS-01 leaves out keys that cannot rotate", () => {
  const props = { customerMasterKeySpec: "RSA_4096", keyUsage: "SIGN_VERIFY" };
  const { verdict } = judge("KMS-01", { resources: [{ type: "aws:kms/key:Key", name: "signer", props }] });
  expect(verdict).toBe("not-applicable");
});

test("S3-03 lets a bucket that takes in service logs use AES256", () => {
  const { verdict } = judge("S3-03", {
    resources: [
      {
        type: "aws:s3/bucket:Bucket",
        name: "logs",
        props: {
          bucket: "logs",
          serverSideEncryptionConfiguration: {
            rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
          },
        },
      },
      {
        type: "aws:s3/bucketLogging:BucketLogging",
        name: "logging",
        props: { bucket: "data", targetBucket: "logs" },
      },
    ],
  });
  expect(verdict).toBe("pass");
});

test("S3-01 reads the older name of a bucket", () => {
  const { verdict } = judge("S3-01", {
    resources: [{ type: "aws:s3/bucketV2:BucketV2", name: "old", props: { bucket: "old" } }],
  });
  expect(verdict).toBe("fail");
});
