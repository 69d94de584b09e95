import type { Page } from "playwright-core";

/** What the chat's page consists of once it shows all messages. */
export interface Markup {
  /** The elements for its style sheets. */
  readonly styles: string;
  /** The text of its script. */
  readonly script: string;
  /** The markup of each message, the oldest first. */
  readonly messages: readonly string[];
}

/** The number of messages that are added at once, as in the chat's page. */
const PAGE_MESSAGES = 100;

export const readMarkup = (page: Page): Promise<Markup> =>
  page.evaluate(async () => ({
    styles: [...document.querySelectorAll("link[rel=stylesheet]")].map(({ outerHTML }) => outerHTML).join(""),
    script: await (await fetch(document.querySelector<HTMLScriptElement>("script[src]")?.src ?? "")).text(),
    messages: [...document.querySelectorAll(".message[data-id]")].map(({ outerHTML }) => outerHTML),
  }));

/** A page with a field, and a script of the same size as the chat's that the browser compiles as far, but does not run. */
export const startPage = ({ styles, script }: Markup): string => `<!doctype html><head>${styles}</head><body>
  <script type="module">
    const page = () => { ${script.replaceAll("</script", "<\\/script")} };
    document.body.append(document.createElement("textarea"));
  </script>`;

/** A page that adds the same messages to one list when the user scrolls up, without network or state. */
export const plainPage = ({ styles, messages }: Markup): string => `<!doctype html><head>${styles}</head><body>
  <div id="page"><div class="chat"><main class="conversation"><div class="messages-frame">
    <section class="messages"><ol class="chunk"></ol></section>
  </div></main></div></div>
  <script type="module">
    const messages = ${JSON.stringify(messages).replaceAll("<", "\\u003c")};
    const [list, rows] = [document.querySelector(".messages"), document.querySelector("ol")];
    const add = () => {
      const fromEnd = list.scrollHeight - list.scrollTop;
      rows.insertAdjacentHTML("afterbegin", messages.splice(-${PAGE_MESSAGES}).join(""));
      list.scrollTop = list.scrollHeight - fromEnd;
      if (messages.length === 0) list.insertAdjacentHTML("afterbegin", '<p class="start">Start</p>');
    };
    list.onscroll = () => list.scrollTop < 1500 && messages.length > 0 && add();
    add();
    list.scrollTop = list.scrollHeight;
  </script>`;
