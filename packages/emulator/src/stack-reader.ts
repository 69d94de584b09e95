import { withoutTimeouts } from "./debugger.ts";
import type { Source } from "./terraform/language/source.ts";
import { readStack, type Stack, type StackOptions } from "./terraform/stack.ts";

interface StackReader {
  readonly read: (folder: string) => Promise<Stack>;
  /** Of the last read. */
  readonly sources: () => readonly Source[];
}

interface StackReaderOptions extends StackOptions {
  /** The port for debuggers. Functions do not time out while a debugger can pause them. */
  readonly inspectPort?: number | undefined;
}

/** Reads a stack again and again, and remembers what it consists of. */
export function stackReader({ inspectPort, ...options }: StackReaderOptions): StackReader {
  let sources: Source[] = [];
  return {
    sources: () => sources,
    async read(folder) {
      sources = [];
      const stack = await readStack(folder, { ...options, onRead: (source) => sources.push(source) });
      return inspectPort === undefined ? stack : withoutTimeouts(stack);
    },
  };
}
