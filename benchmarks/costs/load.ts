/** How a chat is used, in a month. */
export interface Load {
  /** Connected at once. */
  readonly connections: number;
  /** How long each is connected on a day. */
  readonly hoursPerDay: number;
  readonly daysPerMonth: number;
  /** What each says on a day. */
  readonly messagesPerDay: number;
  /** Who hears a message, the sender too. */
  readonly audience: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const CONNECTION_HOURS_MAX = 2;

/** As AWS reckons one. */
const MONTH_HOURS = 730;

/** The numbers of a month that follow. A connection ends after two hours, and its client connects again. */
export function monthOf({ connections, hoursPerDay, daysPerMonth, messagesPerDay, audience }: Load) {
  const days = connections * daysPerMonth;
  const said = days * messagesPerDay;
  return {
    handshakes: days * Math.ceil(hoursPerDay / CONNECTION_HOURS_MAX),
    connectionMinutes: days * hoursPerDay * 60,
    said,
    /** As frames of clients, and as pushes. */
    messages: said * (1 + audience),
    /** In which anybody is connected. */
    shareOfMonth: (hoursPerDay * daysPerMonth) / MONTH_HOURS,
  };
}
