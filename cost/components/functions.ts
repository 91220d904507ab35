import type { Resource } from "../../graph/index.ts";
import {
  type ComponentTable,
  type CostComponent,
  isNotKnown,
  service,
  times,
  unpriced,
} from "./component.ts";
import { number, text } from "./read.ts";
import { product, reasonOf, used, usedOf } from "./rows.ts";

/** MB that a function has where none are given. */
const MEMORY_MB = 128;
/** MB of storage that the price of a function includes. */
const STORAGE_MB = 512;
const CALLS_PER_UNIT = 1_000_000;

const architecture = (resource: Resource) => text(resource, "architectures[0]") ?? "x86_64";

/** GB-seconds of a month: calls × how long each takes × memory. */
const duration = (what: string, key: string, arch: string): CostComponent => ({
  what,
  unit: "GB-second",
  kind: "usage",
  price: service(key),
  uses: ["lambda.request.1m", "lambda.duration.ms"],
  quantity: (resource, context) => {
    if (architecture(resource) !== arch) return null;
    const memory = number(resource, "memorySize", MEMORY_MB);
    if (isNotKnown(memory)) return memory;
    const calls = usedOf(resource, context, "lambda.request.1m");
    const milliseconds = usedOf(resource, context, "lambda.duration.ms");
    return times(product(calls, milliseconds), (CALLS_PER_UNIT / 1000) * (memory / 1024));
  },
  reason: (resource, context) =>
    `milliseconds of a call, ${reasonOf(resource, context, "lambda.duration.ms")}; millions of calls, ${reasonOf(resource, context, "lambda.request.1m")}`,
});

const isHttp = (resource: Resource) => text(resource, "protocolType") === "HTTP";
const poolTier = (resource: Resource) => text(resource, "userPoolTier") ?? "ESSENTIALS";
const MAIL = [used("mails sent", "1000 emails", "ses.email.1k", "ses.email.1k")];

/** Functions, interfaces for programs, sign-in and mail. */
export const FUNCTIONS: ComponentTable = {
  "aws:lambda/function:Function": [
    used("calls", "1000000 requests", "lambda.request.1m", "lambda.request.1m"),
    duration("duration", "lambda.x86.gb-second", "x86_64"),
    duration("duration (Arm)", "lambda.arm.gb-second", "arm64"),
    unpriced(
      "storage above 512 MB",
      "the catalogue has no price of it",
      (resource) => Number(number(resource, "ephemeralStorage.size", STORAGE_MB)) > STORAGE_MB,
    ),
  ],
  "aws:apigateway/restApi:RestApi": [
    used("requests", "1000000 requests", "apigateway.rest.1m", "api.request.1m"),
  ],
  "aws:apigatewayv2/api:Api": [
    used("requests", "1000000 requests", "apigateway.http.1m", "api.request.1m", { when: isHttp }),
    unpriced(
      "messages",
      "the catalogue has no price of WebSocket interfaces",
      (resource) => !isHttp(resource),
    ),
  ],
  "aws:cognito/userPool:UserPool": [
    used("users of a month", "user-month", "cognito.essentials.mau", "cognito.users", {
      when: (resource) => poolTier(resource) === "ESSENTIALS",
    }),
    unpriced(
      "users of a month",
      "the catalogue has the price of the plan Essentials only",
      (resource) => poolTier(resource) !== "ESSENTIALS",
    ),
  ],
  "aws:ses/domainIdentity:DomainIdentity": MAIL,
  "aws:ses/emailIdentity:EmailIdentity": MAIL,
  "aws:sesv2/emailIdentity:EmailIdentity": MAIL,
};
