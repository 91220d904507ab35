import { expect, test } from "vitest";
import { governanceCases } from "./cases/governance.ts";
import { judge, testCases } from "./graphs.ts";

testCases(governanceCases);

test("GOV-01 names the date of the list, for eligibility is a fact of a day", () => {
  const { violations } = judge("GOV-01", {
    resources: [{ type: "aws:gamelift/fleet:Fleet", name: "games", props: {} }],
  });
  expect(violations.map(({ message }) => message)).toEqual([
    "gamelift is not on the list of HIPAA-eligible services of 2022-04-18",
  ]);
});
