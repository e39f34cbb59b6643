// The scripts of every page. Each makes quicker what works without it.
import { menus } from "./menu.js";
import { theme } from "./theme.js";
import { pickers } from "./picker.js";
import { previews } from "./preview.js";
import { csvTables } from "./csv.js";
import { small } from "./small.js";
import { grids } from "./grid.js";
import { outlines } from "./outline.js";
import { quizzes } from "./quiz.js";
import { goes, cells } from "./go.js";

menus();
theme();
small(document);
csvTables(document);
pickers(document);
previews();
grids(document);
outlines(document);
goes(document);
quizzes(document);
cells(document);
