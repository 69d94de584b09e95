/**
 * An element of the page.
 * @param {string} id
 * @returns {HTMLElement}
 */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * A field of a form.
 * @param {string} id
 * @returns {{ value: string }}
 */
export const field = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

/**
 * Creates an element. Children that are strings become text and never markup.
 * @param {string} tag
 * @param {Record<string, string | ((event: Event) => void)>} attributes Functions are listeners, by the name of their event.
 * @param {(Node | string | false | undefined)[]} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") created.addEventListener(name, value);
    else created.setAttribute(name, value);
  }
  created.append(...children.filter((child) => child !== false && child !== undefined));
  return created;
}

/**
 * A list of terms and values. Values that are undefined are left out.
 * @param {Record<string, unknown>} values
 */
export const facts = (values) =>
  element(
    "dl",
    {},
    ...Object.entries(values)
      .filter(([, value]) => value !== undefined && value !== "")
      .flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, textOf(value))]),
  );

/** @param {unknown} value */
export const textOf = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

/** @param {string} text JSON is indented, and anything else stays as it is. */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** @param {number} at Epoch milliseconds. */
export const clockTime = (at) => {
  const date = new Date(at);
  const digits = (/** @type {number} */ value, length = 2) => String(value).padStart(length, "0");
  return `${digits(date.getHours())}:${digits(date.getMinutes())}:${digits(date.getSeconds())}.${digits(date.getMilliseconds(), 3)}`;
};

/**
 * Calls the server. Throws an error with its message if it refuses.
 * @param {string} path
 * @param {object} [input] The body of a POST request.
 */
export async function call(path, input) {
  const post = input && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(input),
  };
  const response = await fetch(`/_inspect${path}`, post);
  const result = await response.json();
  if (!response.ok) throw new Error(result.message);
  return result;
}
