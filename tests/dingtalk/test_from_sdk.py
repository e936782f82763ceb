import pytest

from cerco.dingtalk.from_sdk import Operation, operations

CLIENT = """
class Client:
    def send_with_options(self, code: str, request: mail_models.SendRequest, headers, runtime):
        body = {}
        if not is_unset(request.subject):
            body['subject'] = request.subject
        if not is_unset(request.parts):
            body['parts'] = request.parts
        query = {}
        query['operatorId'] = request.operator_id
        req = open_api_models.OpenApiRequest(body=parse_to_map(body))
        params = open_api_models.Params(action='Send', pathname=f'/v1.0/mail/{code}/send', method='POST')
        return self.execute(params, req, runtime)

    async def send_with_options_async(self, code: str, request: mail_models.SendRequest, headers, runtime):
        params = open_api_models.Params(action='Send', pathname=f'/v1.0/mail/{code}/send', method='POST')

    def send(self, code: str, request: mail_models.SendRequest):
        return self.send_with_options(code, request, {}, None)

    def pack_with_options(self, tmp_req: mail_models.SendRequest, headers, runtime):
        request = mail_models.PackShrinkRequest()
        body = {}
        body['parts'] = request.parts_shrink
        params = open_api_models.Params(pathname='/v1.0/pack', method='put')

    def import_with_options(self, request: mail_models.ImportRequest, headers, runtime):
        req = open_api_models.OpenApiRequest(headers=headers, body=UtilClient.to_array(request.body))
        params = open_api_models.Params(pathname='/v1.0/import', method='POST')

    def odd_with_options(self, request, headers, runtime):
        params = open_api_models.Params(pathname=f'/v1.0/{a.b}', method='POST')
"""
MODELS = """
class Part(TeaModel):
    def __init__(self, text: str = None, inner: 'Part' = None, more: Dict[str, Leaf] = None):
        self.text = text
    def to_map(self):
        result = dict()
        result['text'] = self.text
        result['inner'] = self.inner.to_map()
        result['more'] = {}
        return result

class Leaf(TeaModel):
    def to_map(self):
        result = dict()
        result['leafName'] = self.leaf_name

class Other(TeaModel):
    def to_map(self):
        result = dict()
        result['notThis'] = self.x

class SendRequest(TeaModel):
    def __init__(self, subject: str = None, parts: List[Part] = None, other: Other = None):
        self.subject = subject

class ImportRequest(TeaModel):
    def __init__(self, body: List[Leaf] = None):
        self.body = body
"""
INNER = {"text", "more", "leafName"}


def test_an_operation_has_its_method_path_and_the_names_of_its_body() -> None:
    assert operations(CLIENT, MODELS) == (
        Operation("POST", "/v1.0/mail/{code}/send", frozenset({"subject", "parts", "inner", *INNER})),
        Operation("PUT", "/v1.0/pack", frozenset({"parts", "inner", *INNER})),
        Operation("POST", "/v1.0/import", frozenset({"leafName"})),
    )


def test_what_is_no_source_is_a_fault_and_what_has_no_operations_has_none() -> None:
    assert operations("x = 1", "y = 2") == ()
    with pytest.raises(SyntaxError):
        operations("class", "")
