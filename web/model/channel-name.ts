/** The beginning of the name of a private channel. */
const PRIVATE = "~";
/** What the chat appends to the name of a private channel, so that it is unique. */
const SUFFIX = /-[a-z0-9]{16}$/;

const NAME = /^~?[a-z0-9][a-z0-9-]{0,63}$/;

export const isPrivate = (channel: string): boolean => channel.startsWith(PRIVATE);

export const isChannelName = (text: string): boolean => NAME.test(text);

/** The name without the parts that only make it unique. */
export const channelTitle = (channel: string): string =>
  isPrivate(channel) ? channel.slice(PRIVATE.length).replace(SUFFIX, "") : channel;

/** Corrects what people type: `#Ops Team` becomes `ops-team`. */
export const toChannelName = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/^#/, "")
    .replaceAll(/[\s_]+/g, "-");
