/** A Markdown table that ends with a newline. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads.map(inCell), heads.map(() => "---"), ...rows.map((row) => row.map(inCell))]
    .map((row) => `|${row.join("|")}|\n`)
    .join("");

const inCell = (text: string): string => ` ${text.replaceAll("|", "\\|")} `;
