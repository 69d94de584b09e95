/** The content of the generated sections of a page, by name. */
export const sectionsIn = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/^<!-- (\w+) -->\n(.*?)<!-- \/\1 -->/gms)].map(([, name = "", text = ""]) => [name, text]),
  );

/** Replaces the text between `<!-- name -->` and `<!-- /name -->` for each section. The page must have exactly these sections. */
export function fillSections(page: string, sections: Readonly<Record<string, string>>): string {
  const places = [...page.matchAll(/^<!-- (\w+) -->\n/gm)].map(([, name = ""]) => name);
  const names = Object.keys(sections);
  if (places.length !== names.length || names.some((name) => !places.includes(name))) {
    throw new Error(
      `The page has the sections ${places.join(", ") || "(none)"}, but the generator has ${names.join(", ") || "(none)"}. Add the missing marks, such as <!-- name --> and <!-- /name -->, to the page, or remove them.`,
    );
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
