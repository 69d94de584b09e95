/** How a chat is used in a month. */
export interface Load {
  /** Concurrent connections. */
  readonly connections: number;
  /** The time that each client is connected per day. */
  readonly hoursPerDay: number;
  readonly daysPerMonth: number;
  /** The messages that each client sends per day. */
  readonly messagesPerDay: number;
  /** The recipients of a message, including the sender. */
  readonly audience: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const CONNECTION_HOURS_MAX = 2;

/** The hours of a month in the AWS Pricing Calculator. */
const MONTH_HOURS = 730;

/** Returns the totals of a month. A connection ends after two hours, and its client reconnects. */
export function monthOf({ connections, hoursPerDay, daysPerMonth, messagesPerDay, audience }: Load) {
  const days = connections * daysPerMonth;
  const sent = days * messagesPerDay;
  return {
    handshakes: days * Math.ceil(hoursPerDay / CONNECTION_HOURS_MAX),
    connectionMinutes: days * hoursPerDay * 60,
    sent,
    /** Frames of clients and pushes. */
    messages: sent * (1 + audience),
    /** The share in which clients are connected. */
    shareOfMonth: (hoursPerDay * daysPerMonth) / MONTH_HOURS,
  };
}
