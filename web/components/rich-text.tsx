import { type TextPart, textParts } from "../model/rich-text.ts";

interface RichTextProps {
  readonly text: string;
  /** The users that the message mentions. */
  readonly mentions?: readonly string[] | undefined;
}

/** A message text with links, code and mentions. Every part is a text node. */
export const RichText = ({ text, mentions }: RichTextProps) => <>{textParts(text, mentions).map(partElement)}</>;

function partElement(part: TextPart, index: number) {
  if (part.kind === "text") return part.text;
  if (part.kind === "code")
    return (
      <code class="code" key={index}>
        {part.text}
      </code>
    );
  if (part.kind === "mention")
    return (
      <span class="mention" key={index}>
        {part.text}
      </span>
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
