import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { type Review, review } from "@serverless-chat/plan-review";
import { readPlan } from "@serverless-chat/plan-review/plan";
import { prices } from "@serverless-chat/plan-review/prices";

/** A plan that Terraform made, with the sizes of the archives that it names. */
export interface RecordedPlan {
  readonly plan: object;
  readonly archiveBytes: Readonly<Record<string, number | undefined>>;
}

const FOLDER = new URL("../terraform/reviews/", import.meta.url);

/** The names of all reviews that are kept. */
export const recordedNames = (): string[] =>
  readdirSync(fileURLToPath(FOLDER))
    .filter((file) => file.endsWith(".plan.json"))
    .map((file) => basename(file, ".plan.json"));

export const recordedPlan = (name: string): RecordedPlan =>
  JSON.parse(readFileSync(new URL(`${name}.plan.json`, FOLDER), "utf8"));

/** The review that is kept. With UPDATE_GOLDEN=1 it is this one from now on. */
export function goldenReview(name: string, markdown?: string): string {
  const file = new URL(`${name}.md`, FOLDER);
  if (markdown !== undefined && process.env.UPDATE_GOLDEN) writeFileSync(file, markdown);
  return readFileSync(file, "utf8");
}

/** Keeps a plan that Terraform just made, with UPDATE_GOLDEN=1. */
export function keepPlan(name: string, recorded: RecordedPlan): void {
  if (!process.env.UPDATE_GOLDEN) return;
  writeFileSync(new URL(`${name}.plan.json`, FOLDER), `${JSON.stringify(recorded)}\n`);
}

export const reviewOf = ({ plan, archiveBytes }: RecordedPlan, stack = "chat-dev"): Review =>
  review({
    stack,
    plan: readPlan(JSON.stringify(plan)),
    prices,
    archiveBytes: (filename) => archiveBytes[filename],
  });

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly change: { readonly before: { readonly id?: string } | null };
}

/** Sections that a review does not read. They repeat the others, and hold times and the machine's paths. */
const UNREAD = ["planned_values", "prior_state", "relevant_attributes", "terraform_version", "timestamp", "variables"];

/** The sections of a plan that a review reads, with fixed values in place of those that AWS generates. */
export function normalized(text: string): object {
  const { resource_changes, ...sections } = JSON.parse(text);
  const read = Object.entries({ resource_changes, ...sections }).filter(([name]) => !UNREAD.includes(name));
  const made = (resource_changes as readonly Resource[]).filter(({ type }) => type.startsWith("aws_apigatewayv2_"));
  let json = JSON.stringify(Object.fromEntries(read));
  for (const { type, name, change } of made) {
    const id = change.before?.id ?? "";
    const stable = `${type.replace("aws_apigatewayv2_", "")}${name}`.replaceAll(/\W|_/g, "");
    if (/^[a-z0-9]{8,}$/.test(id)) json = json.replaceAll(id, stable);
  }
  return JSON.parse(
    json
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(Z|\+\d{4})/g, "2026-01-01T00:00:00Z")
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "https://sqs.eu-west-2.amazonaws.com")
      .replaceAll(/terraform-\d{20,}/g, "terraform-1")
      .replaceAll(/\bAROA[A-Z0-9]+/g, "AROA1"),
  );
}
