const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  send: "M5 12h13M12 5l7 7-7 7",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M16 4.5a3.5 3.5 0 0 1 0 6.3M17.5 14.8c2.2.700 3.5 2.6 3.5 5.2",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  leave: "M14 5H6v14h8M11 12h9M17 8.5l3.5 3.5-3.5 3.5",
  invite: "M10 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM4 20c0-3.3 2.7-5.5 6-5.5 1.2 0 2.3.300 3.2.800M18 14v6M15 17h6",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  react: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM9 10v.5M15 10v.5M8.5 14c.9 1.3 2.1 2 3.5 2s2.6-.7 3.5-2",
  reply: "M10 7l-6 5 6 5v-3c4 0 7 1 10 4 0-5-4-8-10-8z",
  down: "M12 5v14M6 13l6 6 6-6",
} as const;

/** Decoration: the control that contains it has the label. */
export const Icon = ({ name }: { readonly name: keyof typeof PATHS }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);
