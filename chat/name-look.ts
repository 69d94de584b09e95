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
 * A form of a name that is equal for names that look alike, regardless of upper and lower case. It is compared, never
 * shown. https://www.unicode.org/reports/tr39/#Confusable_Detection
 *
 * An uppercase letter and its lowercase form can resemble different letters: the Cyrillic Т resembles a T, but т resembles
 * none. So letters are replaced before and after the conversion to lower case. Unicode treats I as similar to l, and the
 * lowercase form of I is i, so these three are equal.
 */
export function lookOf(name: string): string {
  const capitals = skeleton(skeleton(name).normalize("NFKC"));
  return skeleton(capitals.toLowerCase()).replaceAll("i", "l");
}
