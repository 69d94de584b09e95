import { PLAYED, type PlayedStack, REFUSED, type RefusedStack, type Source } from "./catalog.ts";

/** What the emulator did with the stacks. */
export interface Results {
  /** What each stack has that is not played. */
  readonly notPlayed: Map<PlayedStack, readonly string[]>;
  /** The message of each refusal, by the name of the stack. */
  readonly refusals: Map<string, string>;
}

/** Replaces the generated sections of the page. */
export const fillPage = (page: string, results: Results): string =>
  filled(filled(page, "played", playedTable(results)), "refused", refusedSections(results));

const filled = (page: string, name: string, text: string): string =>
  page.replace(
    new RegExp(`(<!-- ${name} -->\n).*(<!-- /${name} -->)`, "s"),
    (_, opening: string, closing: string) => `${opening}\n${text}\n${closing}`,
  );

const playedTable = ({ notPlayed }: Results): string =>
  [
    "| stack | source | uses | changes | not played |",
    "|---|---|---|---|---|",
    ...PLAYED.map((stack) => playedRow(stack, notPlayed.get(stack) ?? [])),
    "",
  ].join("\n");

const playedRow = ({ name, source, uses, changes }: PlayedStack, notPlayed: readonly string[]): string =>
  `| ${linkToStack(name)} | ${linkTo(source)} | ${uses} | ${changes} | ${notPlayed.map((type) => `\`${type}\``).join(", ")} |`;

const refusedSections = ({ refusals }: Results): string =>
  REFUSED.map((stack) => refusedSection(stack, refusals.get(stack.name) ?? "")).join("\n");

const refusedSection = ({ name, source, uses, remedy }: RefusedStack, refusal: string): string =>
  `### ${name}\n${linkToStack(name)}, after ${linkTo(source)}: ${uses}. ${remedy}\n\n\`\`\`text\n${refusal}\n\`\`\`\n`;

const linkTo = ({ title, url, license }: Source): string => `[${title}](${url})${license ? ` (${license})` : ""}`;

const linkToStack = (name: string): string => `[${name}](../packages/emulator/__tests__/compatibility/stacks/${name})`;
