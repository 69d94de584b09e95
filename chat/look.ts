import sourcesOf from "./confusables.json" with { type: "json" };

const PROTOTYPES = new Map(
  Object.entries(sourcesOf).flatMap(([prototype, sources]) =>
    [...sources].map((source) => [source, prototype] as const),
  ),
);

const skeleton = (text: string): string =>
  [...text.normalize("NFD")]
    .map((character) => PROTOTYPES.get(character) ?? character)
    .join("")
    .normalize("NFD");

/**
 * What a name looks like, whatever the case of its letters: names of one look are taken for each other. It is compared,
 * never shown. https://www.unicode.org/reports/tr39/#Confusable_Detection
 *
 * A capital and its small letter can resemble different letters: the Cyrillic Т a T, but т nothing. So letters are replaced
 * before and after they are made small. Unicode takes an I for an l, and its small letter is an i, so all three are one.
 */
export function lookOf(name: string): string {
  const capitals = skeleton(skeleton(name).normalize("NFKC"));
  return skeleton(capitals.toLowerCase()).replaceAll("i", "l");
}
