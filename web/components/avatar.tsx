import { colorOf, initialOf } from "../model/avatar.ts";

interface AvatarProps {
  readonly name: string;
  readonly size?: "small" | "large";
}

/** Decoration: the name is always beside it. */
export const Avatar = ({ name, size }: AvatarProps) => (
  <span class={`avatar hue-${colorOf(name)} ${size ? `avatar-${size}` : ""}`} aria-hidden="true">
    {initialOf(name)}
  </span>
);
