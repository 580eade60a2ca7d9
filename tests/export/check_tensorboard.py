"""Reads exported event files as TensorBoard itself does, and prints what it would show as JSON.

usage: check_tensorboard.py FOLDER      (needs: pip install tensorboard)

Scalars come from the reader of TensorBoard's dashboards, session groups from the HParams plugin.
"""
import json, sys

from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.context import RequestContext
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import (
    api_pb2, backend_context, get_experiment, list_session_groups,
)
from google.protobuf import json_format

folder = sys.argv[1]
multiplexer = plugin_event_multiplexer.EventMultiplexer(tensor_size_guidance={"scalars": 0})
multiplexer.AddRunsFromDirectory(folder)
multiplexer.Reload()
provider = data_provider.MultiplexerDataProvider(multiplexer, folder)
hparams = backend_context.Context(base_plugin.TBContext(data_provider=provider, logdir=folder))
ctx = RequestContext()

scalars = {}
for run, tags in provider.list_scalars(ctx, experiment_id="", plugin_name="scalars").items():
    read = provider.read_scalars(
        ctx, experiment_id="", plugin_name="scalars", downsample=10_000,
        run_tag_filter=data_provider.provider.RunTagFilter(runs=[run], tags=list(tags)),
    )[run]
    scalars[run] = {
        tag: [[datum.step, float(datum.value), datum.wall_time] for datum in data]
        for tag, data in read.items()
    }

request = api_pb2.GetExperimentRequest(include_metrics=True)
metadata = hparams.hparams_metadata(ctx, "")
experiment = hparams.experiment_from_metadata(
    ctx, "", True, metadata, hparams.hparams_from_data_provider(ctx, "", None)
)
request = api_pb2.ListSessionGroupsRequest(
    start_index=0, slice_size=10_000, aggregation_type=api_pb2.AGGREGATION_AVG,
    allowed_statuses=list(api_pb2.Status.values()),
    col_params=[api_pb2.ColParams(hparam=info.name) for info in experiment.hparam_infos],
)
groups = list_session_groups.Handler(ctx, hparams, "", request).run()
to_dict = lambda message: json.loads(json_format.MessageToJson(message, preserving_proto_field_name=True))
print(json.dumps({
    "scalars": scalars,
    "experiment": to_dict(experiment),
    "groups": to_dict(groups).get("session_groups", []),
}))
