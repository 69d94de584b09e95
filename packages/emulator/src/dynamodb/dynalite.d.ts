declare module "dynalite" {
  import type { Server } from "node:http";

  interface DynaliteOptions {
    /** The folder of the LevelDB store; in memory if absent. */
    readonly path?: string;
    readonly createTableMs?: number;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}

/** The functions that the operations call as properties of this module, so that a replacement takes effect. */
declare module "dynalite/db" {
  export type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  export interface Index {
    readonly IndexName: string;
    readonly KeySchema: readonly { readonly AttributeName: string }[];
  }

  export interface Table {
    readonly GlobalSecondaryIndexes?: readonly Index[];
    readonly LocalSecondaryIndexes?: readonly Index[];
  }

  /** An error response. */
  export interface DynaliteFault extends Error {
    readonly body: Record<string, unknown>;
  }

  type Done = (fault?: Error | null) => void;

  interface Db {
    checkConditional(data: Readonly<Record<string, unknown>>, existing?: Item): DynaliteFault | null | undefined;
    validateItem(item: Item, table: Table): DynaliteFault | null | undefined;
    updateIndexes(store: unknown, table: Table, previous: Item | undefined, item: Item | undefined, done: Done): void;
    validationError(message: string): DynaliteFault;
  }

  const db: Db;
  export default db;
}

/** The parameters of an operation. Others are removed from a request. */
declare module "dynalite/validations/*" {
  export const types: Record<string, { readonly type: string; readonly enum?: readonly string[] }>;
}

/** Checks the types of a request, and removes unknown parameters. Operations are checked by way of this module. */
declare module "dynalite/validations/index" {
  interface Validations {
    checkTypes(body: unknown, types: unknown): Readonly<Record<string, unknown>>;
  }

  const validations: Validations;
  export default validations;
}

/** Parsers that PEG.js generated. */
declare module "dynalite/db/*Parser" {
  interface Parser {
    parse(text: string, options: unknown): unknown;
    readonly SyntaxError: unknown;
  }

  const parser: Parser;
  export default parser;
}
