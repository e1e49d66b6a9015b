"""A larger model behind an OpenAI-compatible endpoint, over a real connection on the loopback."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tarazu.errors import OptionError
from tarazu.policy.stance.endpoint import NO_ANSWER, EndpointStance, opinion_of
from tarazu.verdicts import Purpose, Stance

ASKED = []


class Answers(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = body["messages"][-1]["content"]
        ASKED.append((self.path, self.headers["Authorization"], body["model"], text))
        said = {"stance": {"praise": 3, "neutral": 1}, "purpose": {"expression": 1}}
        content = "no idea" if "unclear" in text else f"Here you are: {json.dumps(said)}"
        status = 401 if "secret" in text else 503 if "busy" in text else 200
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps({"choices": [{"message": {"content": content}}]}).encode())

    def log_message(self, *_):
        pass


@contextmanager
def endpoint():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_shares_add_up_and_what_is_no_answer_goes_to_a_person():
    with endpoint() as base:
        model = EndpointStance(base, "large", key="k")
        clear, unclear, busy = model.read(["glory to <mask>", "unclear", "busy"])
        with pytest.raises(OptionError, match="refused"):
            model.read(["secret"])
    assert clear.stance[Stance.PRAISE] == 0.75 and clear.likeliest_purpose == Purpose.EXPRESSION
    assert not unclear.answered and not busy.answered
    assert ASKED[0] == ("/v1/chat/completions", "Bearer k", "large", "glory to <mask>")


def test_nobody_at_the_address_and_no_name_are_said_so():
    with endpoint() as base:
        pass
    with pytest.raises(OptionError, match="Nobody answers"):
        EndpointStance(base, "large").read(["x"])
    with pytest.raises(OptionError, match="#MODEL"):
        EndpointStance.of(base)


@given(st.one_of(st.binary(max_size=60), st.text(max_size=40).map(lambda s: json.dumps(
    {"choices": [{"message": {"content": s}}]}).encode())))  # fmt: skip
def test_whatever_comes_back_is_an_opinion_or_no_answer(answer):
    found = opinion_of(answer)
    assert found is NO_ANSWER or abs(sum(found.stance.values()) - 1) < 1e-9
