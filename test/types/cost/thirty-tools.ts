/**
 * An app with thirty tools: a schema of zod, of valibot or a JSON Schema each, called by a person and by a model, in one loop; structured
 * output, and prompts with many variables. See scripts/check-type-cost.mjs.
 */
import {
  type AIMessage,
  type BaseChatModel,
  ChatPromptTemplate,
  type RunToolsOutput,
  runTools,
  type StructuredToolInterface,
  type ToolMessage,
  tool,
} from "../../../src/entries/index.ts";
import {
  assignTicketSchema,
  bookFlightSchema,
  cancelBookingSchema,
  closeTicketSchema,
  convertUnitsSchema,
  createEventSchema,
  exportTableSchema,
  findHotelsSchema,
  getForecastSchema,
  getWeatherSchema,
  insertRowsSchema,
  listEventsSchema,
  moveEventSchema,
  openTicketSchema,
  plotChartSchema,
  queryTableSchema,
  readCalendarSchema,
  readDocSchema,
  readMailSchema,
  renameDocSchema,
  rentCarSchema,
  searchDocsSchema,
  searchFlightsSchema,
  sendMailSchema,
  setReminderSchema,
  shareDocSchema,
  summarizeTextSchema,
  translateTextSchema,
  updateRowsSchema,
  writeDocSchema,
} from "./thirty-schemas.ts";

const searchFlights = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.searchFlightsId}`,
  {
    name: "searchFlights",
    description: "Does searchFlights.",
    schema: searchFlightsSchema,
  },
);
export const searchFlightsAnswer: Promise<string> = searchFlights.invoke({
  query: "q",
  kind: "searchFlights",
  filter: { tags: [], within: { searchFlightsId: 1, value: "x" } },
});
export const searchFlightsMessage: Promise<ToolMessage> = searchFlights.invoke({
  type: "tool_call",
  id: "1",
  name: "searchFlights",
  args: {},
});

const bookFlight = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.bookFlightId}`,
  {
    name: "bookFlight",
    description: "Does bookFlight.",
    schema: bookFlightSchema,
  },
);
export const bookFlightAnswer: Promise<string> = bookFlight.invoke({
  query: "q",
  kind: "bookFlight",
  filter: { tags: [], within: { bookFlightId: 1, value: "x" } },
});
export const bookFlightMessage: Promise<ToolMessage> = bookFlight.invoke({
  type: "tool_call",
  id: "1",
  name: "bookFlight",
  args: {},
});

const cancelBooking = tool(
  async ({ query, filter }: { query: string; filter: { tags: string[] } }) => `${query}${filter.tags.length}`,
  {
    name: "cancelBooking",
    description: "Does cancelBooking.",
    schema: cancelBookingSchema,
  },
);
export const cancelBookingAnswer: Promise<string> = cancelBooking.invoke({ query: "q", filter: { tags: [] } });
export const cancelBookingMessage: Promise<ToolMessage> = cancelBooking.invoke({
  type: "tool_call",
  id: "1",
  name: "cancelBooking",
  args: {},
});

const findHotels = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.findHotelsId}`,
  {
    name: "findHotels",
    description: "Does findHotels.",
    schema: findHotelsSchema,
  },
);
export const findHotelsAnswer: Promise<string> = findHotels.invoke({
  query: "q",
  kind: "findHotels",
  filter: { tags: [], within: { findHotelsId: 1, value: "x" } },
});
export const findHotelsMessage: Promise<ToolMessage> = findHotels.invoke({
  type: "tool_call",
  id: "1",
  name: "findHotels",
  args: {},
});

const rentCar = tool(
  async ({ query, page, kind, filter }) => `${query}${page + 1}${kind}${filter.tags.length}${filter.within.rentCarId}`,
  {
    name: "rentCar",
    description: "Does rentCar.",
    schema: rentCarSchema,
  },
);
export const rentCarAnswer: Promise<string> = rentCar.invoke({
  query: "q",
  kind: "rentCar",
  filter: { tags: [], within: { rentCarId: 1, value: "x" } },
});
export const rentCarMessage: Promise<ToolMessage> = rentCar.invoke({
  type: "tool_call",
  id: "1",
  name: "rentCar",
  args: {},
});

const readMail = tool(
  async ({ query, filter }: { query: string; filter: { tags: string[] } }) => `${query}${filter.tags.length}`,
  {
    name: "readMail",
    description: "Does readMail.",
    schema: readMailSchema,
  },
);
export const readMailAnswer: Promise<string> = readMail.invoke({ query: "q", filter: { tags: [] } });
export const readMailMessage: Promise<ToolMessage> = readMail.invoke({
  type: "tool_call",
  id: "1",
  name: "readMail",
  args: {},
});

const sendMail = tool(
  async ({ query, page, kind, filter }) => `${query}${page + 1}${kind}${filter.tags.length}${filter.within.sendMailId}`,
  {
    name: "sendMail",
    description: "Does sendMail.",
    schema: sendMailSchema,
  },
);
export const sendMailAnswer: Promise<string> = sendMail.invoke({
  query: "q",
  kind: "sendMail",
  filter: { tags: [], within: { sendMailId: 1, value: "x" } },
});
export const sendMailMessage: Promise<ToolMessage> = sendMail.invoke({
  type: "tool_call",
  id: "1",
  name: "sendMail",
  args: {},
});

const listEvents = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.listEventsId}`,
  {
    name: "listEvents",
    description: "Does listEvents.",
    schema: listEventsSchema,
  },
);
export const listEventsAnswer: Promise<string> = listEvents.invoke({
  query: "q",
  kind: "listEvents",
  filter: { tags: [], within: { listEventsId: 1, value: "x" } },
});
export const listEventsMessage: Promise<ToolMessage> = listEvents.invoke({
  type: "tool_call",
  id: "1",
  name: "listEvents",
  args: {},
});

const createEvent = tool(
  async ({ query, filter }: { query: string; filter: { tags: string[] } }) => `${query}${filter.tags.length}`,
  {
    name: "createEvent",
    description: "Does createEvent.",
    schema: createEventSchema,
  },
);
export const createEventAnswer: Promise<string> = createEvent.invoke({ query: "q", filter: { tags: [] } });
export const createEventMessage: Promise<ToolMessage> = createEvent.invoke({
  type: "tool_call",
  id: "1",
  name: "createEvent",
  args: {},
});

const moveEvent = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.moveEventId}`,
  {
    name: "moveEvent",
    description: "Does moveEvent.",
    schema: moveEventSchema,
  },
);
export const moveEventAnswer: Promise<string> = moveEvent.invoke({
  query: "q",
  kind: "moveEvent",
  filter: { tags: [], within: { moveEventId: 1, value: "x" } },
});
export const moveEventMessage: Promise<ToolMessage> = moveEvent.invoke({
  type: "tool_call",
  id: "1",
  name: "moveEvent",
  args: {},
});

const searchDocs = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.searchDocsId}`,
  {
    name: "searchDocs",
    description: "Does searchDocs.",
    schema: searchDocsSchema,
  },
);
export const searchDocsAnswer: Promise<string> = searchDocs.invoke({
  query: "q",
  kind: "searchDocs",
  filter: { tags: [], within: { searchDocsId: 1, value: "x" } },
});
export const searchDocsMessage: Promise<ToolMessage> = searchDocs.invoke({
  type: "tool_call",
  id: "1",
  name: "searchDocs",
  args: {},
});

const readDoc = tool(
  async ({ query, filter }: { query: string; filter: { tags: string[] } }) => `${query}${filter.tags.length}`,
  {
    name: "readDoc",
    description: "Does readDoc.",
    schema: readDocSchema,
  },
);
export const readDocAnswer: Promise<string> = readDoc.invoke({ query: "q", filter: { tags: [] } });
export const readDocMessage: Promise<ToolMessage> = readDoc.invoke({
  type: "tool_call",
  id: "1",
  name: "readDoc",
  args: {},
});

const writeDoc = tool(
  async ({ query, page, kind, filter }) => `${query}${page + 1}${kind}${filter.tags.length}${filter.within.writeDocId}`,
  {
    name: "writeDoc",
    description: "Does writeDoc.",
    schema: writeDocSchema,
  },
);
export const writeDocAnswer: Promise<string> = writeDoc.invoke({
  query: "q",
  kind: "writeDoc",
  filter: { tags: [], within: { writeDocId: 1, value: "x" } },
});
export const writeDocMessage: Promise<ToolMessage> = writeDoc.invoke({
  type: "tool_call",
  id: "1",
  name: "writeDoc",
  args: {},
});

const renameDoc = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.renameDocId}`,
  {
    name: "renameDoc",
    description: "Does renameDoc.",
    schema: renameDocSchema,
  },
);
export const renameDocAnswer: Promise<string> = renameDoc.invoke({
  query: "q",
  kind: "renameDoc",
  filter: { tags: [], within: { renameDocId: 1, value: "x" } },
});
export const renameDocMessage: Promise<ToolMessage> = renameDoc.invoke({
  type: "tool_call",
  id: "1",
  name: "renameDoc",
  args: {},
});

const shareDoc = tool(
  async ({ query, filter }: { query: string; filter: { tags: string[] } }) => `${query}${filter.tags.length}`,
  {
    name: "shareDoc",
    description: "Does shareDoc.",
    schema: shareDocSchema,
  },
);
export const shareDocAnswer: Promise<string> = shareDoc.invoke({ query: "q", filter: { tags: [] } });
export const shareDocMessage: Promise<ToolMessage> = shareDoc.invoke({
  type: "tool_call",
  id: "1",
  name: "shareDoc",
  args: {},
});

const queryTable = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.queryTableId}`,
  {
    name: "queryTable",
    description: "Does queryTable.",
    schema: queryTableSchema,
  },
);
export const queryTableAnswer: Promise<string> = queryTable.invoke({
  query: "q",
  kind: "queryTable",
  filter: { tags: [], within: { queryTableId: 1, value: "x" } },
});
export const queryTableMessage: Promise<ToolMessage> = queryTable.invoke({
  type: "tool_call",
  id: "1",
  name: "queryTable",
  args: {},
});

const insertRows = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.insertRowsId}`,
  {
    name: "insertRows",
    description: "Does insertRows.",
    schema: insertRowsSchema,
  },
);
export const insertRowsAnswer: Promise<string> = insertRows.invoke({
  query: "q",
  kind: "insertRows",
  filter: { tags: [], within: { insertRowsId: 1, value: "x" } },
});
export const insertRowsMessage: Promise<ToolMessage> = insertRows.invoke({
  type: "tool_call",
  id: "1",
  name: "insertRows",
  args: {},
});

const updateRows = tool(
  async ({ query, filter }: { query: string; filter: { tags: string[] } }) => `${query}${filter.tags.length}`,
  {
    name: "updateRows",
    description: "Does updateRows.",
    schema: updateRowsSchema,
  },
);
export const updateRowsAnswer: Promise<string> = updateRows.invoke({ query: "q", filter: { tags: [] } });
export const updateRowsMessage: Promise<ToolMessage> = updateRows.invoke({
  type: "tool_call",
  id: "1",
  name: "updateRows",
  args: {},
});

const exportTable = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.exportTableId}`,
  {
    name: "exportTable",
    description: "Does exportTable.",
    schema: exportTableSchema,
  },
);
export const exportTableAnswer: Promise<string> = exportTable.invoke({
  query: "q",
  kind: "exportTable",
  filter: { tags: [], within: { exportTableId: 1, value: "x" } },
});
export const exportTableMessage: Promise<ToolMessage> = exportTable.invoke({
  type: "tool_call",
  id: "1",
  name: "exportTable",
  args: {},
});

const plotChart = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.plotChartId}`,
  {
    name: "plotChart",
    description: "Does plotChart.",
    schema: plotChartSchema,
  },
);
export const plotChartAnswer: Promise<string> = plotChart.invoke({
  query: "q",
  kind: "plotChart",
  filter: { tags: [], within: { plotChartId: 1, value: "x" } },
});
export const plotChartMessage: Promise<ToolMessage> = plotChart.invoke({
  type: "tool_call",
  id: "1",
  name: "plotChart",
  args: {},
});

const getWeather = tool(
  async ({ query, filter }: { query: string; filter: { tags: string[] } }) => `${query}${filter.tags.length}`,
  {
    name: "getWeather",
    description: "Does getWeather.",
    schema: getWeatherSchema,
  },
);
export const getWeatherAnswer: Promise<string> = getWeather.invoke({ query: "q", filter: { tags: [] } });
export const getWeatherMessage: Promise<ToolMessage> = getWeather.invoke({
  type: "tool_call",
  id: "1",
  name: "getWeather",
  args: {},
});

const getForecast = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.getForecastId}`,
  {
    name: "getForecast",
    description: "Does getForecast.",
    schema: getForecastSchema,
  },
);
export const getForecastAnswer: Promise<string> = getForecast.invoke({
  query: "q",
  kind: "getForecast",
  filter: { tags: [], within: { getForecastId: 1, value: "x" } },
});
export const getForecastMessage: Promise<ToolMessage> = getForecast.invoke({
  type: "tool_call",
  id: "1",
  name: "getForecast",
  args: {},
});

const convertUnits = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.convertUnitsId}`,
  {
    name: "convertUnits",
    description: "Does convertUnits.",
    schema: convertUnitsSchema,
  },
);
export const convertUnitsAnswer: Promise<string> = convertUnits.invoke({
  query: "q",
  kind: "convertUnits",
  filter: { tags: [], within: { convertUnitsId: 1, value: "x" } },
});
export const convertUnitsMessage: Promise<ToolMessage> = convertUnits.invoke({
  type: "tool_call",
  id: "1",
  name: "convertUnits",
  args: {},
});

const translateText = tool(
  async ({ query, filter }: { query: string; filter: { tags: string[] } }) => `${query}${filter.tags.length}`,
  {
    name: "translateText",
    description: "Does translateText.",
    schema: translateTextSchema,
  },
);
export const translateTextAnswer: Promise<string> = translateText.invoke({ query: "q", filter: { tags: [] } });
export const translateTextMessage: Promise<ToolMessage> = translateText.invoke({
  type: "tool_call",
  id: "1",
  name: "translateText",
  args: {},
});

const summarizeText = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.summarizeTextId}`,
  {
    name: "summarizeText",
    description: "Does summarizeText.",
    schema: summarizeTextSchema,
  },
);
export const summarizeTextAnswer: Promise<string> = summarizeText.invoke({
  query: "q",
  kind: "summarizeText",
  filter: { tags: [], within: { summarizeTextId: 1, value: "x" } },
});
export const summarizeTextMessage: Promise<ToolMessage> = summarizeText.invoke({
  type: "tool_call",
  id: "1",
  name: "summarizeText",
  args: {},
});

const readCalendar = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.readCalendarId}`,
  {
    name: "readCalendar",
    description: "Does readCalendar.",
    schema: readCalendarSchema,
  },
);
export const readCalendarAnswer: Promise<string> = readCalendar.invoke({
  query: "q",
  kind: "readCalendar",
  filter: { tags: [], within: { readCalendarId: 1, value: "x" } },
});
export const readCalendarMessage: Promise<ToolMessage> = readCalendar.invoke({
  type: "tool_call",
  id: "1",
  name: "readCalendar",
  args: {},
});

const setReminder = tool(
  async ({ query, filter }: { query: string; filter: { tags: string[] } }) => `${query}${filter.tags.length}`,
  {
    name: "setReminder",
    description: "Does setReminder.",
    schema: setReminderSchema,
  },
);
export const setReminderAnswer: Promise<string> = setReminder.invoke({ query: "q", filter: { tags: [] } });
export const setReminderMessage: Promise<ToolMessage> = setReminder.invoke({
  type: "tool_call",
  id: "1",
  name: "setReminder",
  args: {},
});

const openTicket = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.openTicketId}`,
  {
    name: "openTicket",
    description: "Does openTicket.",
    schema: openTicketSchema,
  },
);
export const openTicketAnswer: Promise<string> = openTicket.invoke({
  query: "q",
  kind: "openTicket",
  filter: { tags: [], within: { openTicketId: 1, value: "x" } },
});
export const openTicketMessage: Promise<ToolMessage> = openTicket.invoke({
  type: "tool_call",
  id: "1",
  name: "openTicket",
  args: {},
});

const closeTicket = tool(
  async ({ query, page, kind, filter }) =>
    `${query}${page + 1}${kind}${filter.tags.length}${filter.within.closeTicketId}`,
  {
    name: "closeTicket",
    description: "Does closeTicket.",
    schema: closeTicketSchema,
  },
);
export const closeTicketAnswer: Promise<string> = closeTicket.invoke({
  query: "q",
  kind: "closeTicket",
  filter: { tags: [], within: { closeTicketId: 1, value: "x" } },
});
export const closeTicketMessage: Promise<ToolMessage> = closeTicket.invoke({
  type: "tool_call",
  id: "1",
  name: "closeTicket",
  args: {},
});

const assignTicket = tool(
  async ({ query, filter }: { query: string; filter: { tags: string[] } }) => `${query}${filter.tags.length}`,
  {
    name: "assignTicket",
    description: "Does assignTicket.",
    schema: assignTicketSchema,
  },
);
export const assignTicketAnswer: Promise<string> = assignTicket.invoke({ query: "q", filter: { tags: [] } });
export const assignTicketMessage: Promise<ToolMessage> = assignTicket.invoke({
  type: "tool_call",
  id: "1",
  name: "assignTicket",
  args: {},
});

export const tools: StructuredToolInterface[] = [
  searchFlights,
  bookFlight,
  cancelBooking,
  findHotels,
  rentCar,
  readMail,
  sendMail,
  listEvents,
  createEvent,
  moveEvent,
  searchDocs,
  readDoc,
  writeDoc,
  renameDoc,
  shareDoc,
  queryTable,
  insertRows,
  updateRows,
  exportTable,
  plotChart,
  getWeather,
  getForecast,
  convertUnits,
  translateText,
  summarizeText,
  readCalendar,
  setReminder,
  openTicket,
  closeTicket,
  assignTicket,
];

const prompt = ChatPromptTemplate.fromMessages([
  ["system", "{a} {b} {c} {d} {e} {f} {g} {h} {i} {j}"],
  ["placeholder", "{history}"],
  ["human", "{k} {l} {m} {n} {o} {p} {q} {r} {s} {t}"],
]);
const values = {
  a: "a",
  b: "b",
  c: "c",
  d: "d",
  e: "e",
  f: "f",
  g: "g",
  h: "h",
  i: "i",
  j: "j",
  k: "k",
  l: "l",
  m: "m",
  n: "n",
  o: "o",
  p: "p",
  q: "q",
  r: "r",
  s: "s",
  t: "t",
};

/** The loop, alone and behind a prompt. */
export async function work(model: BaseChatModel): Promise<(AIMessage | string)[]> {
  const loop = runTools(
    model,
    [
      searchFlights,
      bookFlight,
      cancelBooking,
      findHotels,
      rentCar,
      readMail,
      sendMail,
      listEvents,
      createEvent,
      moveEvent,
      searchDocs,
      readDoc,
      writeDoc,
      renameDoc,
      shareDoc,
      queryTable,
      insertRows,
      updateRows,
      exportTable,
      plotChart,
      getWeather,
      getForecast,
      convertUnits,
      translateText,
      summarizeText,
      readCalendar,
      setReminder,
      openTicket,
      closeTicket,
      assignTicket,
    ],
    { maxSteps: 5, stopWhen: ({ message }) => message.tool_calls.length === 0 },
  );
  const said: (AIMessage | string)[] = [];
  for await (const { token } of await prompt.pipe(loop).stream(values)) said.push(token?.text ?? "");
  const whole: RunToolsOutput = await loop.invoke("hello");
  return [...said, whole.text];
}

/** Structured output of ten schemas. */
export async function read(model: BaseChatModel): Promise<number> {
  let sum = 0;
  const searchFlightsOutput = await prompt.pipe(model.withStructuredOutput(searchFlightsSchema)).invoke(values);
  sum += searchFlightsOutput.filter.within.searchFlightsId + searchFlightsOutput.page;
  const bookFlightOutput = await prompt.pipe(model.withStructuredOutput(bookFlightSchema)).invoke(values);
  sum += bookFlightOutput.filter.within.bookFlightId + bookFlightOutput.page;
  const { query: cancelBookingQuery } = await prompt
    .pipe(model.withStructuredOutput<{ query: string }>(cancelBookingSchema))
    .invoke(values);
  sum += cancelBookingQuery.length;
  const findHotelsOutput = await prompt.pipe(model.withStructuredOutput(findHotelsSchema)).invoke(values);
  sum += findHotelsOutput.filter.within.findHotelsId + findHotelsOutput.page;
  const rentCarOutput = await prompt.pipe(model.withStructuredOutput(rentCarSchema)).invoke(values);
  sum += rentCarOutput.filter.within.rentCarId + rentCarOutput.page;
  const { query: readMailQuery } = await prompt
    .pipe(model.withStructuredOutput<{ query: string }>(readMailSchema))
    .invoke(values);
  sum += readMailQuery.length;
  const sendMailOutput = await prompt.pipe(model.withStructuredOutput(sendMailSchema)).invoke(values);
  sum += sendMailOutput.filter.within.sendMailId + sendMailOutput.page;
  const listEventsOutput = await prompt.pipe(model.withStructuredOutput(listEventsSchema)).invoke(values);
  sum += listEventsOutput.filter.within.listEventsId + listEventsOutput.page;
  const { query: createEventQuery } = await prompt
    .pipe(model.withStructuredOutput<{ query: string }>(createEventSchema))
    .invoke(values);
  sum += createEventQuery.length;
  const moveEventOutput = await prompt.pipe(model.withStructuredOutput(moveEventSchema)).invoke(values);
  sum += moveEventOutput.filter.within.moveEventId + moveEventOutput.page;
  const searchDocsOutput = await prompt.pipe(model.withStructuredOutput(searchDocsSchema)).invoke(values);
  sum += searchDocsOutput.filter.within.searchDocsId + searchDocsOutput.page;
  const { query: readDocQuery } = await prompt
    .pipe(model.withStructuredOutput<{ query: string }>(readDocSchema))
    .invoke(values);
  sum += readDocQuery.length;
  const writeDocOutput = await prompt.pipe(model.withStructuredOutput(writeDocSchema)).invoke(values);
  sum += writeDocOutput.filter.within.writeDocId + writeDocOutput.page;
  const renameDocOutput = await prompt.pipe(model.withStructuredOutput(renameDocSchema)).invoke(values);
  sum += renameDocOutput.filter.within.renameDocId + renameDocOutput.page;
  const { query: shareDocQuery } = await prompt
    .pipe(model.withStructuredOutput<{ query: string }>(shareDocSchema))
    .invoke(values);
  sum += shareDocQuery.length;
  const { raw, parsed } = await model.withStructuredOutput(searchFlightsSchema, { includeRaw: true }).invoke("x");
  return sum + raw.text.length + (parsed?.page ?? 0);
}
