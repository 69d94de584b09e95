import prices from "../../costs/prices.json" with { type: "json" };
import { table } from "./table.ts";

const { dollarsPerSecretMonth } = prices.secretsManager;
const { dollarsPerKeyMonth } = prices.kms;

const row = (what: string, dollars: number): readonly string[] => [what, `$${dollars.toFixed(2)}`];

/** What a service of chat-ops costs that nobody uses. */
export const servicesCost = table(
  ["each enabled service", "a month"],
  [row("its secret", dollarsPerSecretMonth), row("its key, with `ownKmsKey`", dollarsPerKeyMonth)],
);
