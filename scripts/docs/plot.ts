/** A line of a plot, by its points. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  /** For what is a bound, not a measurement. */
  readonly isDashed?: boolean;
}

export interface Axis {
  readonly label: string;
  readonly isLogarithmic?: boolean;
  /** Where there are marks, from the first to the last. */
  readonly ticks: readonly number[];
}

export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

const [WIDTH, HEIGHT] = [760, 420];
const MARGIN = { left: 70, right: 190, top: 44, bottom: 52 };

/** Told apart by who sees few colours, on white and on black. https://personal.sron.nl/~pault/ */
const COLOURS = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377"];

const STYLE = `
  svg { font: 13px system-ui, sans-serif; background: #ffffff; }
  text { fill: #24292f; } .title { font-size: 15px; font-weight: 600; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .line { fill: none; stroke-width: 2; } .bound { stroke-dasharray: 5 4; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; } text { fill: #e6edf3; } .grid { stroke: #30363d; }
  }`;

/** Lines over two axes, as SVG: light or dark as its reader has it. The same plot is the same bytes. */
export function svgOf({ title, x, y, series }: Plot): string {
  const toX = placeOn(x, [MARGIN.left, WIDTH - MARGIN.right]);
  const toY = placeOn(y, [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const body = [
    `<text class="title" x="${MARGIN.left}" y="24">${escaped(title)}</text>`,
    ...x.ticks.map((tick) => markOnX(tick, toX(tick))),
    ...y.ticks.map((tick) => markOnY(tick, toY(tick))),
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escaped(x.label)}</text>`,
    `<text transform="translate(16 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`,
    ...series.map((one, index) => lineOf(one, { index, toX, toY })),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    ...body,
    "</svg>\n",
  ].join("\n");
}

type ToPlace = (value: number) => number;

function placeOn({ ticks, isLogarithmic }: Axis, [from, to]: readonly [number, number]): ToPlace {
  const scale = isLogarithmic ? Math.log10 : (value: number) => value;
  const [first, last] = [scale(ticks[0] ?? 0), scale(ticks.at(-1) ?? 1)];
  return (value) => round(from + ((scale(value) - first) / (last - first)) * (to - from));
}

const markOnX = (tick: number, at: number): string =>
  `<line class="grid" x1="${at}" x2="${at}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}"/>` +
  `<text x="${at}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${shown(tick)}</text>`;

const markOnY = (tick: number, at: number): string =>
  `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}"/>` +
  `<text x="${MARGIN.left - 8}" y="${at + 4}" text-anchor="end">${shown(tick)}</text>`;

interface Places {
  readonly index: number;
  readonly toX: ToPlace;
  readonly toY: ToPlace;
}

/** A line, and its name in a legend beside the plot. */
function lineOf({ name, points, isDashed }: Series, { index, toX, toY }: Places): string {
  const look = `class="line${isDashed ? " bound" : ""}" stroke="${COLOURS[index % COLOURS.length]}"`;
  const [left, top] = [WIDTH - MARGIN.right + 14, MARGIN.top + 10 + index * 22];
  return (
    `<polyline ${look} points="${points.map(([x, y]) => `${toX(x)},${toY(y)}`).join(" ")}"/>` +
    `<line ${look} x1="${left}" x2="${left + 22}" y1="${top}" y2="${top}"/>` +
    `<text x="${left + 28}" y="${top + 4}">${escaped(name)}</text>`
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;

const shown = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: 2 });

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
