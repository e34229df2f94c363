export type SoldBy = "everyone" | "chosen";
