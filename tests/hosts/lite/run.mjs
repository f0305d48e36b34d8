// Runs one job in Pyodide, the Python of xlwings Lite, and writes what it answers.
//
//   node run.mjs JOB.json ANSWER.json
//
// The job names the package pyodide, the wheel of xlwings, the stand-in for Lite (office.py), the
// text of main.py, and the calls: each a function's name and its arguments as Office.js gives them.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

async function run(job) {
  const { loadPyodide } = await import(pathToFileURL(job.pyodide));
  const python = await loadPyodide();
  python.unpackArchive(new Uint8Array(readFileSync(job.wheel)), "wheel");
  python.FS.writeFile("office.py", readFileSync(job.office, "utf8"));
  const office = python.pyimport("office");
  office.load(job.main);
  if (job.again) office.load(job.main);
  const answers = job.calls.map(([name, args]) => JSON.parse(office.call(name, python.toPy(args))));
  return { about: JSON.parse(office.about()), answers };
}

const [jobFile, answerFile] = process.argv.slice(2);
try {
  writeFileSync(answerFile, JSON.stringify(await run(JSON.parse(readFileSync(jobFile, "utf8")))));
} catch (error) {
  console.error(error.message); // without its stack, which quotes a megabyte of Pyodide
  process.exitCode = 1;
}
