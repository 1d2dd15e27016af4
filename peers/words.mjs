/** What the models of the benches say, over and over. */
export const words = ["The ", "quick ", "brown ", "finch ", "sings ", "to ", "the ", "lazy ", "parrot. "];
