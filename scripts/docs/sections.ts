/** What is in the places of a page, by name. */
export const sectionsIn = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/^<!-- (\w+) -->\n(.*?)<!-- \/\1 -->/gms)].map(([, name = "", text = ""]) => [name, text]),
  );

/** Puts what is made in its places: from `<!-- name -->` to `<!-- /name -->`. Each has its place, and each place its own. */
export function fillSections(page: string, sections: Readonly<Record<string, string>>): string {
  const places = [...page.matchAll(/^<!-- (\w+) -->\n/gm)].map(([, name = ""]) => name);
  const names = Object.keys(sections);
  if (places.length !== names.length || names.some((name) => !places.includes(name))) {
    throw new Error(`A page has places for ${places.join(", ")}, and gets ${names.join(", ")}.`);
  }
  return names.reduce(
    (text, name) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n).*(<!-- /${name} -->)`, "s"),
        (_, start: string, end: string) => `${start}${sections[name]}${end}`,
      ),
    page,
  );
}
