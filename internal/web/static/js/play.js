// Plays a package: it offers the interface of SCORM 1.2 and 2004 to the content in the frame, and sends what that says to the
// server. It runs at the address of packages alone, never among the portal's own pages.
const boot = JSON.parse(document.getElementById("boot").textContent);
const is12 = boot.standard === "scorm12";
const data = new Map(Object.entries(boot.data || {}));
const codes = is12
  ? { ok: 0, argument: 201, notBegun: 301, ended: 101, begunTwice: 101, unknown: 401, unset: 0, readOnly: 403, writeOnly: 404, type: 405, range: 405, order: 201 }
  : { ok: 0, argument: 201, notBegun: 122, ended: 123, begunTwice: 103, unknown: 401, unset: 403, readOnly: 404, writeOnly: 405, type: 406, range: 407, order: 351 };
const texts = { 0: "No error", 101: "General exception", 103: "Already initialized", 104: "Content instance terminated", 112: "Termination before initialization",
  113: "Termination after termination", 122: "Retrieve data before initialization", 123: "Retrieve data after termination", 132: "Store data before initialization",
  133: "Store data after termination", 142: "Commit before initialization", 143: "Commit after termination", 201: "Invalid argument", 301: "Not initialized",
  351: "General set failure", 391: "General commit failure", 401: "Undefined data model element", 403: is12 ? "Element is read only" : "Value not initialized",
  404: is12 ? "Element is write only" : "Element is read only", 405: is12 ? "Incorrect data type" : "Element is write only", 406: "Type mismatch", 407: "Value out of range" };
const decimal = /^-?\d+(\.\d+)?$/;
const oneOf = (...list) => (v) => (list.includes(v) ? codes.ok : codes.type);
const long = (most) => (v) => (v.length <= most ? codes.ok : codes.type);
const number = (low, high) => (v) => (!decimal.test(v) ? codes.type : +v < low || +v > high ? codes.range : codes.ok);
const any = long(64000);

// What each element may be: its name, whether it is read and written, and what is a value of it.
const model12 = [
  [/^cmi\.core\.lesson_status$/, "rw", oneOf("passed", "completed", "failed", "incomplete", "browsed", "not attempted")],
  [/^cmi\.core\.score\.(raw|min|max)$/, "rw", (v) => (v === "" ? codes.ok : number(0, 100)(v))],
  [/^cmi\.core\.lesson_location$/, "rw", long(4096)],
  [/^cmi\.core\.exit$/, "w", oneOf("time-out", "suspend", "logout", "")],
  [/^cmi\.core\.session_time$/, "w", (v) => (/^\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?$/.test(v) ? codes.ok : codes.type)],
  [/^cmi\.(suspend_data|comments)$/, "rw", any],
  [/^cmi\.student_preference\.(audio|language|speed|text)$/, "rw", long(255)],
  [/^cmi\.objectives\.\d+\.(id|status|score\.(raw|min|max))$/, "rw", long(255)],
  [/^cmi\.interactions\.\d+\.(id|time|type|weighting|student_response|result|latency|objectives\.\d+\.id|correct_responses\.\d+\.pattern)$/, "w", long(4096)],
];
const model2004 = [
  [/^cmi\.completion_status$/, "rw", oneOf("completed", "incomplete", "not attempted", "unknown")],
  [/^cmi\.success_status$/, "rw", oneOf("passed", "failed", "unknown")],
  [/^cmi\.score\.scaled$/, "rw", number(-1, 1)],
  [/^cmi\.score\.(raw|min|max)$/, "rw", number(-1e9, 1e9)],
  [/^cmi\.progress_measure$/, "rw", number(0, 1)],
  [/^cmi\.location$/, "rw", long(4096)],
  [/^cmi\.suspend_data$/, "rw", any],
  [/^cmi\.exit$/, "w", oneOf("time-out", "suspend", "logout", "normal", "")],
  [/^cmi\.session_time$/, "w", (v) => (/^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/.test(v) ? codes.ok : codes.type)],
  [/^cmi\.learner_preference\.(audio_level|language|delivery_speed|audio_captioning)$/, "rw", long(255)],
  [/^cmi\.objectives\.\d+\.(id|success_status|completion_status|progress_measure|description|score\.(scaled|raw|min|max))$/, "rw", long(4096)],
  [/^cmi\.interactions\.\d+\.(id|type|timestamp|weighting|learner_response|result|latency|description|objectives\.\d+\.id|correct_responses\.\d+\.pattern)$/, "rw", long(4096)],
  [/^cmi\.comments_from_learner\.\d+\.(comment|location|timestamp)$/, "rw", long(4096)],
  [/^adl\.nav\.request$/, "rw", long(255)],
];
const model = is12 ? model12 : model2004;
const key = is12 ? { exit: "cmi.core.exit", session: "cmi.core.session_time", total: "cmi.core.total_time" } : { exit: "cmi.exit", session: "cmi.session_time", total: "cmi.total_time" };

// What the portal says and the content only reads.
const left = data.get(key.exit);
const entry = data.size === 0 ? "ab-initio" : left === "suspend" || left === "logout" ? "resume" : "";
const mode = boot.takes ? "normal" : "browse";
const credit = boot.takes ? "credit" : "no-credit";
const mastery = boot.mastery ?? null;
const given = new Map(is12
  ? [["cmi.core.student_id", boot.learner.id], ["cmi.core.student_name", boot.learner.name], ["cmi.core.credit", credit], ["cmi.core.entry", entry], ["cmi.core.lesson_mode", mode],
    ["cmi.launch_data", boot.launch || ""], ["cmi.comments_from_lms", ""], ["cmi.student_data.mastery_score", mastery === null ? "" : String(mastery)],
    ["cmi.student_data.max_time_allowed", ""], ["cmi.student_data.time_limit_action", ""], ["cmi.core.total_time", data.get(key.total) || "0000:00:00"],
    ["cmi.core._children", "student_id,student_name,lesson_location,credit,lesson_status,entry,score,total_time,lesson_mode,exit,session_time"],
    ["cmi.core.score._children", "raw,min,max"], ["cmi.objectives._children", "id,score,status"], ["cmi.student_data._children", "mastery_score,max_time_allowed,time_limit_action"],
    ["cmi.student_preference._children", "audio,language,speed,text"],
    ["cmi.interactions._children", "id,objectives,time,type,correct_responses,weighting,student_response,result,latency"]]
  : [["cmi._version", "1.0"], ["cmi.learner_id", boot.learner.id], ["cmi.learner_name", boot.learner.name], ["cmi.credit", credit], ["cmi.entry", entry], ["cmi.mode", mode],
    ["cmi.launch_data", boot.launch || ""], ["cmi.total_time", data.get(key.total) || "PT0S"], ...(mastery === null ? [] : [["cmi.scaled_passing_score", String(mastery / 100)]]),
    ["cmi.comments_from_lms._count", "0"], ["cmi.score._children", "scaled,raw,min,max"],
    ["cmi.objectives._children", "id,score,success_status,completion_status,progress_measure,description"], ["cmi.learner_preference._children", "audio_level,language,delivery_speed,audio_captioning"],
    ["cmi.interactions._children", "id,type,objectives,timestamp,correct_responses,weighting,learner_response,result,latency,description"]]);
const blank = new Map(is12 ? [["cmi.core.lesson_status", "not attempted"]] : [["cmi.completion_status", "unknown"], ["cmi.success_status", "unknown"], ["adl.nav.request", "_none_"]]);

let begun = false, ended = false, error = 0, waiting = 0, changed = false;

const count = (list) => {
  const begins = list + ".";
  let n = 0;
  for (const k of data.keys()) if (k.startsWith(begins)) n = Math.max(n, parseInt(k.slice(begins.length), 10) + 1 || 0);
  return n;
};
const fails = (code) => { error = code; return "false"; };
const works = () => { error = 0; return "true"; };
const state = (before, after) => (!begun ? (is12 ? codes.notBegun : before) : ended ? (is12 ? codes.ended : after) : 0);

function get(name) {
  const wrong = state(122, 123);
  if (wrong) { error = wrong; return ""; }
  name = String(name);
  error = 0;
  if (given.has(name)) return given.get(name);
  if (/\._count$/.test(name)) return String(count(name.slice(0, -7)));
  const row = model.find(([is]) => is.test(name));
  if (!row) error = codes.unknown;
  else if (row[1] === "w") error = codes.writeOnly;
  else if (data.has(name)) return data.get(name);
  else if (blank.has(name)) return blank.get(name);
  else error = codes.unset;
  return "";
}

function set(name, value) {
  const wrong = state(132, 133);
  if (wrong) return fails(wrong);
  name = String(name);
  value = value === null || value === undefined ? "" : String(value);
  if (given.has(name) || /\._(count|children)$/.test(name)) return fails(codes.readOnly);
  const row = model.find(([is]) => is.test(name));
  if (!row) return fails(codes.unknown);
  const bad = row[2](value);
  if (bad) return fails(bad);
  const parts = name.split(".");
  for (let i = 1; i < parts.length; i++) if (/^\d+$/.test(parts[i]) && +parts[i] > count(parts.slice(0, i).join("."))) return fails(codes.order);
  if (data.get(name) !== value) changed = true;
  data.set(name, value);
  soon();
  return works();
}

const seconds = (text) => {
  if (is12) {
    const [h, m, s] = (text || "0:0:0").split(":").map(Number);
    return h * 3600 + m * 60 + s || 0;
  }
  const t = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text || "PT0S") || [];
  return (+t[1] || 0) * 86400 + (+t[2] || 0) * 3600 + (+t[3] || 0) * 60 + (+t[4] || 0);
};
const lasted = (n) => {
  const h = Math.floor(n / 3600), m = Math.floor((n % 3600) / 60), s = Math.round((n % 60) * 100) / 100;
  return is12 ? [String(h).padStart(4, "0"), String(m).padStart(2, "0"), String(Math.floor(s)).padStart(2, "0")].join(":") : `PT${h}H${m}M${s}S`;
};

function settle() { // what the portal decides at the end, by the standard
  const total = seconds(given.get(key.total)) + seconds(data.get(key.session));
  data.set(key.total, lasted(total));
  data.delete(key.session);
  if (is12) {
    if (!data.has("cmi.core.lesson_status") || data.get("cmi.core.lesson_status") === "not attempted") data.set("cmi.core.lesson_status", "completed");
    const raw = data.get("cmi.core.score.raw");
    if (mastery !== null && raw && data.get("cmi.core.lesson_status") !== "incomplete") data.set("cmi.core.lesson_status", +raw >= mastery ? "passed" : "failed");
    return;
  }
  const scaled = data.get("cmi.score.scaled");
  if (mastery !== null && scaled !== undefined) data.set("cmi.success_status", +scaled * 100 >= mastery ? "passed" : "failed");
}

function send() {
  clearTimeout(waiting);
  waiting = 0;
  if (!boot.takes || !changed) return;
  changed = false;
  const body = JSON.stringify({ data: Object.fromEntries(data) });
  fetch(boot.keep, { method: "POST", body, headers: { "Content-Type": "application/json" }, keepalive: body.length < 60000 })
    .then((res) => { if (!res.ok) note(); }, () => { changed = true; });
}
const soon = () => { if (!waiting) waiting = setTimeout(send, 3000); };
const note = () => { document.getElementById("lost").hidden = false; };

function begin() {
  if (begun && !ended) return fails(codes.begunTwice);
  if (ended && !is12) return fails(104);
  begun = true;
  ended = false;
  return works();
}
function finish() {
  const wrong = state(112, 113);
  if (wrong) return fails(wrong);
  settle();
  ended = changed = true;
  send();
  return works();
}
function commit() {
  const wrong = state(142, 143);
  if (wrong) return fails(wrong);
  send();
  return works();
}
const last = () => String(error);
const textOf = (code) => texts[String(code)] || "";

if (is12) window.API = { LMSInitialize: begin, LMSFinish: finish, LMSGetValue: get, LMSSetValue: set, LMSCommit: commit, LMSGetLastError: last, LMSGetErrorString: textOf, LMSGetDiagnostic: textOf };
else window.API_1484_11 = { Initialize: begin, Terminate: finish, GetValue: get, SetValue: set, Commit: commit, GetLastError: last, GetErrorString: textOf, GetDiagnostic: textOf };

addEventListener("pagehide", send);
const frame = document.createElement("iframe");
frame.title = document.title;
frame.allow = "fullscreen; autoplay";
frame.src = boot.file;
document.body.append(frame);
