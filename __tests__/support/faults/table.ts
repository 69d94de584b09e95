import type { Breach, Exception } from "./exceptions.ts";
import { WAYS } from "./ports.ts";

type Cell = { held: number; broken: number; readonly excepted: Set<string> };

/** Handler × call × way: how many scenarios held, and which exceptions apply. */
export class FaultTable {
  readonly breaches: Breach[] = [];
  readonly #used = new Set<Exception>();
  readonly #exceptions: readonly Exception[];
  readonly #rows = new Map<string, Map<string, Cell>>();

  constructor(exceptions: readonly Exception[]) {
    this.#exceptions = exceptions;
  }

  /** Names of the exceptions that no fault needed. */
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
        cell.excepted.add(exception.name);
      } else {
        this.breaches.push(breach);
        isBroken = true;
      }
    }
    cell[isBroken ? "broken" : "held"] += 1;
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
    const notes = this.#exceptions.map(({ name, reason }) => `${name}: ${reason}`);
    return `${["", ...text, "", ...notes, ""].join("\n")}\n`;
  }

  #cellOf({ route, call, way }: Omit<Breach, "sentence">): Cell {
    const name = `${route} ${call}`;
    const row = this.#rows.get(name) ?? new Map<string, Cell>();
    this.#rows.set(name, row);
    const cell = row.get(way) ?? { held: 0, broken: 0, excepted: new Set<string>() };
    row.set(way, cell);
    return cell;
  }
}

function cellText(cell: Cell | undefined): string {
  if (!cell) return "";
  const { held, broken, excepted } = cell;
  const all = broken === 0 ? `held ${held}` : `BROKEN ${broken} of ${held + broken}`;
  return [all, ...excepted].join(", but for a ");
}
