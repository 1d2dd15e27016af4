/**
 * The schemas of an app with thirty tools, ten of each kind. What they cost the compiler by themselves is not ours: it is
 * taken off what thirty-tools.ts costs.
 */
import * as v from "valibot";
import { z } from "zod";

export const searchFlightsSchema = z.object({
  query: z.string(),
  page: z.number().default(1),
  kind: z.enum(["searchFlights", "every", "none"]),
  filter: z.object({
    tags: z.array(z.string()),
    from: z.string().optional(),
    within: z.object({ searchFlightsId: z.number(), value: z.union([z.string(), z.number()]) }),
  }),
});

export const bookFlightSchema = v.object({
  query: v.string(),
  page: v.optional(v.number(), 1),
  kind: v.picklist(["bookFlight", "every", "none"]),
  filter: v.object({
    tags: v.array(v.string()),
    from: v.optional(v.string()),
    within: v.object({ bookFlightId: v.number(), value: v.union([v.string(), v.number()]) }),
  }),
});

export const cancelBookingSchema = {
  type: "object",
  properties: {
    query: { type: "string" },
    kind: { enum: ["cancelBooking", "every", "none"] },
    filter: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  },
  required: ["query"],
} as const;

export const findHotelsSchema = z.object({
  query: z.string(),
  page: z.number().default(1),
  kind: z.enum(["findHotels", "every", "none"]),
  filter: z.object({
    tags: z.array(z.string()),
    from: z.string().optional(),
    within: z.object({ findHotelsId: z.number(), value: z.union([z.string(), z.number()]) }),
  }),
});

export const rentCarSchema = v.object({
  query: v.string(),
  page: v.optional(v.number(), 1),
  kind: v.picklist(["rentCar", "every", "none"]),
  filter: v.object({
    tags: v.array(v.string()),
    from: v.optional(v.string()),
    within: v.object({ rentCarId: v.number(), value: v.union([v.string(), v.number()]) }),
  }),
});

export const readMailSchema = {
  type: "object",
  properties: {
    query: { type: "string" },
    kind: { enum: ["readMail", "every", "none"] },
    filter: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  },
  required: ["query"],
} as const;

export const sendMailSchema = z.object({
  query: z.string(),
  page: z.number().default(1),
  kind: z.enum(["sendMail", "every", "none"]),
  filter: z.object({
    tags: z.array(z.string()),
    from: z.string().optional(),
    within: z.object({ sendMailId: z.number(), value: z.union([z.string(), z.number()]) }),
  }),
});

export const listEventsSchema = v.object({
  query: v.string(),
  page: v.optional(v.number(), 1),
  kind: v.picklist(["listEvents", "every", "none"]),
  filter: v.object({
    tags: v.array(v.string()),
    from: v.optional(v.string()),
    within: v.object({ listEventsId: v.number(), value: v.union([v.string(), v.number()]) }),
  }),
});

export const createEventSchema = {
  type: "object",
  properties: {
    query: { type: "string" },
    kind: { enum: ["createEvent", "every", "none"] },
    filter: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  },
  required: ["query"],
} as const;

export const moveEventSchema = z.object({
  query: z.string(),
  page: z.number().default(1),
  kind: z.enum(["moveEvent", "every", "none"]),
  filter: z.object({
    tags: z.array(z.string()),
    from: z.string().optional(),
    within: z.object({ moveEventId: z.number(), value: z.union([z.string(), z.number()]) }),
  }),
});

export const searchDocsSchema = v.object({
  query: v.string(),
  page: v.optional(v.number(), 1),
  kind: v.picklist(["searchDocs", "every", "none"]),
  filter: v.object({
    tags: v.array(v.string()),
    from: v.optional(v.string()),
    within: v.object({ searchDocsId: v.number(), value: v.union([v.string(), v.number()]) }),
  }),
});

export const readDocSchema = {
  type: "object",
  properties: {
    query: { type: "string" },
    kind: { enum: ["readDoc", "every", "none"] },
    filter: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  },
  required: ["query"],
} as const;

export const writeDocSchema = z.object({
  query: z.string(),
  page: z.number().default(1),
  kind: z.enum(["writeDoc", "every", "none"]),
  filter: z.object({
    tags: z.array(z.string()),
    from: z.string().optional(),
    within: z.object({ writeDocId: z.number(), value: z.union([z.string(), z.number()]) }),
  }),
});

export const renameDocSchema = v.object({
  query: v.string(),
  page: v.optional(v.number(), 1),
  kind: v.picklist(["renameDoc", "every", "none"]),
  filter: v.object({
    tags: v.array(v.string()),
    from: v.optional(v.string()),
    within: v.object({ renameDocId: v.number(), value: v.union([v.string(), v.number()]) }),
  }),
});

export const shareDocSchema = {
  type: "object",
  properties: {
    query: { type: "string" },
    kind: { enum: ["shareDoc", "every", "none"] },
    filter: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  },
  required: ["query"],
} as const;

export const queryTableSchema = z.object({
  query: z.string(),
  page: z.number().default(1),
  kind: z.enum(["queryTable", "every", "none"]),
  filter: z.object({
    tags: z.array(z.string()),
    from: z.string().optional(),
    within: z.object({ queryTableId: z.number(), value: z.union([z.string(), z.number()]) }),
  }),
});

export const insertRowsSchema = v.object({
  query: v.string(),
  page: v.optional(v.number(), 1),
  kind: v.picklist(["insertRows", "every", "none"]),
  filter: v.object({
    tags: v.array(v.string()),
    from: v.optional(v.string()),
    within: v.object({ insertRowsId: v.number(), value: v.union([v.string(), v.number()]) }),
  }),
});

export const updateRowsSchema = {
  type: "object",
  properties: {
    query: { type: "string" },
    kind: { enum: ["updateRows", "every", "none"] },
    filter: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  },
  required: ["query"],
} as const;

export const exportTableSchema = z.object({
  query: z.string(),
  page: z.number().default(1),
  kind: z.enum(["exportTable", "every", "none"]),
  filter: z.object({
    tags: z.array(z.string()),
    from: z.string().optional(),
    within: z.object({ exportTableId: z.number(), value: z.union([z.string(), z.number()]) }),
  }),
});

export const plotChartSchema = v.object({
  query: v.string(),
  page: v.optional(v.number(), 1),
  kind: v.picklist(["plotChart", "every", "none"]),
  filter: v.object({
    tags: v.array(v.string()),
    from: v.optional(v.string()),
    within: v.object({ plotChartId: v.number(), value: v.union([v.string(), v.number()]) }),
  }),
});

export const getWeatherSchema = {
  type: "object",
  properties: {
    query: { type: "string" },
    kind: { enum: ["getWeather", "every", "none"] },
    filter: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  },
  required: ["query"],
} as const;

export const getForecastSchema = z.object({
  query: z.string(),
  page: z.number().default(1),
  kind: z.enum(["getForecast", "every", "none"]),
  filter: z.object({
    tags: z.array(z.string()),
    from: z.string().optional(),
    within: z.object({ getForecastId: z.number(), value: z.union([z.string(), z.number()]) }),
  }),
});

export const convertUnitsSchema = v.object({
  query: v.string(),
  page: v.optional(v.number(), 1),
  kind: v.picklist(["convertUnits", "every", "none"]),
  filter: v.object({
    tags: v.array(v.string()),
    from: v.optional(v.string()),
    within: v.object({ convertUnitsId: v.number(), value: v.union([v.string(), v.number()]) }),
  }),
});

export const translateTextSchema = {
  type: "object",
  properties: {
    query: { type: "string" },
    kind: { enum: ["translateText", "every", "none"] },
    filter: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  },
  required: ["query"],
} as const;

export const summarizeTextSchema = z.object({
  query: z.string(),
  page: z.number().default(1),
  kind: z.enum(["summarizeText", "every", "none"]),
  filter: z.object({
    tags: z.array(z.string()),
    from: z.string().optional(),
    within: z.object({ summarizeTextId: z.number(), value: z.union([z.string(), z.number()]) }),
  }),
});

export const readCalendarSchema = v.object({
  query: v.string(),
  page: v.optional(v.number(), 1),
  kind: v.picklist(["readCalendar", "every", "none"]),
  filter: v.object({
    tags: v.array(v.string()),
    from: v.optional(v.string()),
    within: v.object({ readCalendarId: v.number(), value: v.union([v.string(), v.number()]) }),
  }),
});

export const setReminderSchema = {
  type: "object",
  properties: {
    query: { type: "string" },
    kind: { enum: ["setReminder", "every", "none"] },
    filter: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  },
  required: ["query"],
} as const;

export const openTicketSchema = z.object({
  query: z.string(),
  page: z.number().default(1),
  kind: z.enum(["openTicket", "every", "none"]),
  filter: z.object({
    tags: z.array(z.string()),
    from: z.string().optional(),
    within: z.object({ openTicketId: z.number(), value: z.union([z.string(), z.number()]) }),
  }),
});

export const closeTicketSchema = v.object({
  query: v.string(),
  page: v.optional(v.number(), 1),
  kind: v.picklist(["closeTicket", "every", "none"]),
  filter: v.object({
    tags: v.array(v.string()),
    from: v.optional(v.string()),
    within: v.object({ closeTicketId: v.number(), value: v.union([v.string(), v.number()]) }),
  }),
});

export const assignTicketSchema = {
  type: "object",
  properties: {
    query: { type: "string" },
    kind: { enum: ["assignTicket", "every", "none"] },
    filter: { type: "object", properties: { tags: { type: "array", items: { type: "string" } } } },
  },
  required: ["query"],
} as const;
