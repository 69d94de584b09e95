import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import type { Invocation } from "../../src/lambda/execution-environment.ts";
import { type FunctionOptions, LambdaFunction } from "../../src/lambda/function.ts";
import type { LogEntry } from "../../src/lambda/log.ts";
import type { FunctionError } from "../../src/lambda/runtime-messages.ts";
import type { FunctionConfig } from "../../src/terraform/functions.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Source text by the path in the archive. */
export type Files = Readonly<Record<string, string>>;

export function aZip(files: Files): string {
  const path = join(temporaryDirectory(), "archive.zip");
  writeFileSync(path, zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))));
  return path;
}

export function aFolder(files: Files): string {
  const folder = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export const aFunctionConfig = (own: Partial<FunctionConfig> = {}): FunctionConfig => ({
  name: "fixture",
  arn: `arn:aws:lambda:eu-west-2:000000000000:function:${own.name ?? "fixture"}`,
  roleArn: "arn:aws:iam::000000000000:role/fixture",
  archivePath: "",
  runtime: "nodejs22.x",
  handler: "index.handler",
  memoryMegabytes: 128,
  timeoutSeconds: 5,
  environment: {},
  logLevel: "INFO",
  logGroupName: "/aws/lambda/fixture",
  asynchronous: { retriesMax: 2, ageSecondsMax: 21_600 },
  ...own,
});

export interface Fixture {
  readonly files: Files;
  readonly config?: Partial<FunctionConfig>;
  readonly options?: Partial<FunctionOptions>;
}

/** The functions of a test, and their common log. */
export class Lambdas {
  readonly log: LogEntry[] = [];
  readonly #running: LambdaFunction[] = [];

  /** Creates a function from files, or from the source text of one module. */
  create(fixture: string | Fixture): LambdaFunction {
    const { files, config, options }: Fixture =
      typeof fixture === "string" ? { files: { "index.mjs": fixture } } : fixture;
    const lambda = new LambdaFunction(aFunctionConfig({ archivePath: aZip(files), ...config }), {
      directory: join(temporaryDirectory(), "task"),
      variables: {},
      log: (entry) => this.log.push(entry),
      deliver: () => undefined,
      ...options,
    });
    this.#running.push(lambda);
    return lambda;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((lambda) => lambda.stop()));
  }
}

/** The error of an invocation. Throws if the invocation succeeded. */
export function errorIn(invocation: Invocation): FunctionError {
  if ("error" in invocation) return invocation.error;
  throw new Error(`Expected an error, but the invocation returned ${JSON.stringify(invocation)}.`);
}
