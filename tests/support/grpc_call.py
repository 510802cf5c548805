"""Calls a method of a gRPC service that it knows nothing of but what reflection tells.

ADDRESS PACKAGE.Service/Method MESSAGE_AS_JSON -> {"message": {..}} or {"code": "..", "fields": [..]}
"""

import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha import reflection_pb2


class Reflection:
    """Version 1 of the service; its messages are those of v1alpha."""

    def __init__(self, channel):
        self.pool = descriptor_pool.DescriptorPool()
        self.known = set()
        self.ask = channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )

    def load(self, **request):
        request = reflection_pb2.ServerReflectionRequest(**request)
        answer = next(iter(self.ask(iter([request]), timeout=10)))
        for data in answer.file_descriptor_response.file_descriptor_proto:
            file = descriptor_pb2.FileDescriptorProto.FromString(data)
            if file.name not in self.known:
                self.known.add(file.name)
                for dependency in file.dependency:
                    self.load(file_by_filename=dependency)
                self.pool.AddSerializedFile(data)


def violations(error):
    """The fields that `google.rpc.BadRequest` blames, without its definition at hand."""
    details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    pool = descriptor_pool.DescriptorPool()
    file = descriptor_pb2.FileDescriptorProto(name="details.proto", package="details", syntax="proto3")
    text, message = descriptor_pb2.FieldDescriptorProto.TYPE_STRING, descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
    repeated = descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED
    any_type = file.message_type.add(name="Any")
    any_type.field.add(name="type_url", number=1, type=text)
    any_type.field.add(name="value", number=2, type=descriptor_pb2.FieldDescriptorProto.TYPE_BYTES)
    status = file.message_type.add(name="Status")
    status.field.add(name="details", number=3, type=message, label=repeated, type_name=".details.Any")
    violation = file.message_type.add(name="Violation")
    violation.field.add(name="field", number=1, type=text)
    request = file.message_type.add(name="BadRequest")
    request.field.add(name="violations", number=1, type=message, label=repeated, type_name=".details.Violation")
    pool.Add(file)
    read = lambda name, data: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"details.{name}")).FromString(data)
    bad = [d for d in read("Status", details).details if d.type_url.endswith("/google.rpc.BadRequest")]
    return sorted(v.field for d in bad for v in read("BadRequest", d.value).violations)


def main(address, method, text):
    channel = grpc.insecure_channel(address)
    service, name = method.split("/")
    reflection = Reflection(channel)
    reflection.load(file_containing_symbol=service)
    described = reflection.pool.FindServiceByName(service).methods_by_name[name]
    request = message_factory.GetMessageClass(described.input_type)
    answer = message_factory.GetMessageClass(described.output_type)
    call = channel.unary_unary(
        f"/{method}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=answer.FromString,
    )
    try:
        message = call(json_format.ParseDict(json.loads(text), request()), timeout=10)
        print(json.dumps({"message": json_format.MessageToDict(message, preserving_proto_field_name=True)}))
    except grpc.RpcError as error:
        print(json.dumps({"code": error.code().name, "fields": violations(error)}))


main(*sys.argv[1:])
