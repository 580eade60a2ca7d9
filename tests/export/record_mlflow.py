"""Exports runs to a server that takes what one of MLflow takes and remembers where it belongs. Needs Python alone.

usage: record_mlflow.py RUNNER FOLDER TARGETS...

Each of TARGETS, which may be several names with spaces between them, is an export of its own from FOLDER. Prints a line of JSON after
each: the names of the runs in each experiment.
"""
import http.server, json, subprocess, sys, threading, urllib.parse

runner, folder, exports = sys.argv[1], sys.argv[2], sys.argv[3:]
experiments, runs = {}, []  # ids by name; (id of the experiment, name, tags)


class Server(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, body, status=200):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        name = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)["experiment_name"][0]
        if name in experiments:
            self.answer({"experiment": {"experiment_id": experiments[name], "lifecycle_stage": "active"}})
        else:
            self.answer({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such experiment"}, 404)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        endpoint = self.path.split("mlflow/")[1]
        described = lambda i: {"info": {"run_id": str(i)}, "data": {"tags": runs[i][2]}}
        if endpoint == "experiments/create":
            experiments[body["name"]] = str(len(experiments))
            self.answer({"experiment_id": experiments[body["name"]]})
        elif endpoint == "runs/create":
            runs.append((body["experiment_id"], body["run_name"], body["tags"]))
            self.answer({"run": described(len(runs) - 1)})
        elif endpoint == "runs/search":
            wanted = {"key": "runner.id", "value": body["filter"].split("'")[1]}
            found = [i for i, (of, _, tags) in enumerate(runs) if of in body["experiment_ids"] and wanted in tags]
            self.answer({"runs": [described(i) for i in found]})
        else:
            if endpoint == "runs/set-tag":
                runs[int(body["run_id"])][2].append({"key": body["key"], "value": body["value"]})
            self.answer({})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"
for targets in exports:
    ran = subprocess.run([runner, "export", *targets.split(), "--to", "mlflow", "-o", address], cwd=folder, capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(f"exit code {ran.returncode}: {ran.stderr}")
    print(json.dumps({name: sorted(run for of, run, _ in runs if of == id) for name, id in sorted(experiments.items())}))
