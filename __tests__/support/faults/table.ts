import type { Breach, Exception } from "./exceptions.ts";
import { WAYS } from "./ports.ts";

type Cell = { passed: number; failed: number; readonly exceptions: Set<string> };

/** Handler × call × fault: the number of passed scenarios, and the exceptions that apply. */
export class FaultTable {
  readonly breaches: Breach[] = [];
  readonly #used = new Set<Exception>();
  readonly #exceptions: readonly Exception[];
  readonly #rows = new Map<string, Map<string, Cell>>();

  constructor(exceptions: readonly Exception[]) {
    this.#exceptions = exceptions;
  }

  /** The names of exceptions that no fault needed. */
  get unused(): string[] {
    return this.#exceptions.filter((each) => !this.#used.has(each)).map(({ name }) => name);
  }

  add(fault: Omit<Breach, "sentence">, wrong: readonly string[]): void {
    const cell = this.#cellOf(fault);
    let isBroken = false;
    for (const sentence of wrong) {
      const breach = { ...fault, sentence };
      const exception = this.#exceptions.find((each) => each.covers(breach));
      if (exception) {
        this.#used.add(exception);
        cell.exceptions.add(exception.name);
      } else {
        this.breaches.push(breach);
        isBroken = true;
      }
    }
    cell[isBroken ? "failed" : "passed"] += 1;
  }

  text(): string {
    const lines = [...this.#rows].map(([name, cells]) => [name, ...WAYS.map((way) => cellText(cells.get(way)))]);
    const table = [["handler, call", ...WAYS], ...lines];
    const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
    const text = table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
    const notes = this.#exceptions.map(({ name, reason }) => `Exception "${name}": ${reason}`);
    return `${["", ...text, "", ...notes, ""].join("\n")}\n`;
  }

  #cellOf({ route, call, way }: Omit<Breach, "sentence">): Cell {
    const name = `${route} ${call}`;
    const row = this.#rows.get(name) ?? new Map<string, Cell>();
    this.#rows.set(name, row);
    const cell = row.get(way) ?? { passed: 0, failed: 0, exceptions: new Set<string>() };
    row.set(way, cell);
    return cell;
  }
}

function cellText(cell: Cell | undefined): string {
  if (!cell) return "";
  const { passed, failed, exceptions } = cell;
  const result = failed === 0 ? `passed ${passed}` : `FAILED ${failed} of ${passed + failed}`;
  return exceptions.size === 0 ? result : `${result}, exceptions: ${[...exceptions].join(", ")}`;
}
