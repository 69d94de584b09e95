/** A line of a chart, with one value for each label of the x axis. */
export interface Line {
  readonly name: string;
  readonly values: readonly number[];
}

export interface LineChart {
  readonly title: string;
  readonly x: { readonly title: string; readonly labels: readonly string[] };
  /** The title of the y axis, which starts at 0. */
  readonly y: string;
  readonly lines: readonly Line[];
}

/** Colors that people with color blindness can distinguish. https://personal.sron.nl/~pault/ */
const COLORS = [
  ["blue", "#4477aa"],
  ["red", "#ee6677"],
  ["green", "#228833"],
  ["yellow", "#ccbb44"],
  ["light blue", "#66ccee"],
  ["purple", "#aa3377"],
] as const;

const colorOf = (index: number) => COLORS[index % COLORS.length] ?? COLORS[0];

/**
 * Returns a Mermaid chart as Markdown. The legend is a sentence below it, because Mermaid draws none. Both axes are linear,
 * as Mermaid has no logarithmic axis (https://github.com/mermaid-js/mermaid/issues/5438), so the labels of the x axis are
 * evenly spaced, regardless of their values.
 */
export function lineChart({ title, x, y, lines }: LineChart): string {
  // Mermaid does not draw a line with a gap.
  const drawn = lines.filter(({ values }) => values.length === x.labels.length && values.every(Number.isFinite));
  const omitted = lines.filter((line) => !drawn.includes(line));
  const max = Math.max(...drawn.flatMap(({ values }) => values));
  return [
    "```mermaid",
    "---",
    "config:",
    "  themeVariables:",
    "    xyChart:",
    `      plotColorPalette: "${drawn.map((_, index) => colorOf(index)[1]).join(", ")}"`,
    "---",
    "xychart-beta",
    `    title "${title}"`,
    `    x-axis "${x.title}" [${x.labels.map((label) => `"${label}"`).join(", ")}]`,
    `    y-axis "${y}" 0 --> ${rounded(max)}`,
    ...drawn.map(({ values }) => `    line [${values.map(rounded).join(", ")}]`),
    "```",
    "",
    `Lines: ${drawn.map(({ name }, index) => `${name} (${colorOf(index)[0]})`).join("; ")}.`,
    ...omitted.map(({ name }) => `Not drawn, because a value is missing: ${name}.`),
    "",
  ].join("\n");
}

const rounded = (value: number): number => Number(value.toPrecision(3));
