import { type TextPart, textParts } from "../model/rich-text.ts";

/** A message text with links and code. Every part is a text node. */
export const RichText = ({ text }: { readonly text: string }) => <>{textParts(text).map(partElement)}</>;

function partElement(part: TextPart, index: number) {
  if (part.kind === "text") return part.text;
  if (part.kind === "code")
    return (
      <code class="code" key={index}>
        {part.text}
      </code>
    );
  if (part.kind === "block") {
    return (
      <pre class="code-block" key={index}>
        <code>{part.text}</code>
      </pre>
    );
  }
  return (
    <a href={part.text} target="_blank" rel="noopener noreferrer nofollow" key={index}>
      {part.text}
    </a>
  );
}
