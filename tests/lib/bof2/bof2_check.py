# bof2_check.py: is this request one that a BOF2 back office is known to take? Strict on each word
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares no code and no table with Bolo: what a call must look like is written down here a second
time, from the descriptions of real servers. check () takes the bytes of a request and gives the
call's values, or raises Wrong with one sentence."""
import base64
import binascii
import io
import math
import re
import xml.etree.ElementTree as ET

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
XSD = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

INPUT = "http://input.webservices.bof2.anite.com"
SCARAB = "http://scarab.webservices.bof2.anite.com"
PIPS = "http://bof2.pipstechnology.com"
PNC = "http://pnc.webservices.bof2.anite.com"
ADMIN = "http://admin.webservices.bof2.anite.com"

# Must have a value; may be nil or empty.
MUST, MAY = True, False

# path: (operation, namespace, [(part, type, must it have a value)], (returned part, its type))
SERVICES = {
    "InputCaptureWebService": ("sendCapture", INPUT, [
        ("signatureOfSender", "string", MUST), ("username", "string", MUST), ("vrm", "string", MUST),
        ("feedIdentifier", "short", MUST), ("sourceIdentifier", "short", MUST),
        ("cameraIdentifier", "short", MUST), ("plateJpegImage", "base64Binary", MAY),
        ("overviewJpegImage", "base64Binary", MAY), ("captureTime", "dateTime", MUST),
        ("latitude", "float", MAY), ("longitude", "float", MAY),
        ("cameraPresetPosition", "short", MAY), ("cameraPan", "string", MAY),
        ("cameraTilt", "string", MAY), ("cameraZoom", "string", MAY),
        ("confidencePercentage", "byte", MAY), ("motionTowardCamera", "boolean", MAY)],
        ("sendCaptureReturn", "string")),
    "InputCompactCaptureWebService": ("sendCompactCapture", INPUT, [
        ("capture", "string", MUST)], ("sendCompactCaptureReturn", "string")),
    "InputCompoundCaptureWebService": ("sendCompoundCapture", INPUT, [
        ("captures", "array of string", MUST)], ("sendCompoundCaptureReturn", "string")),
    "InputBinaryCaptureDataWebService": ("addBinaryCaptureData", INPUT, [
        ("signature", "string", MUST), ("username", "string", MUST), ("vrm", "string", MUST),
        ("feedIdentifier", "short", MUST), ("sourceIdentifier", "short", MUST),
        ("cameraIdentifier", "short", MUST), ("captureTime", "dateTime", MUST),
        ("binaryImage", "base64Binary", MUST), ("binaryDataType", "string", MUST)],
        ("addBinaryCaptureDataReturn", "string")),
    "GetHotlistRepoStatusService": ("getRepoStatus", SCARAB, [
        ("signatureOfSender", "string", MUST), ("username", "string", MUST),
        ("sourceID", "string", MUST), ("revNumber", "long", MUST)], ("getRepoStatusReturn", "long")),
    "GetHotlistStatusService": ("getHotlistStatus", SCARAB, [
        ("signatureOfSender", "string", MUST), ("username", "string", MUST),
        ("sourceID", "string", MUST)], ("getHotlistStatusReturn", "array of BofHotlistRevisions")),
    "GetHotlistUpdatesService": ("getHotlistUpdates", "urn:GetHotlistUpdatesService", [
        ("signature", "string", MUST), ("userName", "string", MUST), ("sourceId", "string", MUST),
        ("hotlistName", "string", MUST)], ("getHotlistUpdatesReturn", "BofHotlistData")),
    "GetHotlistsUpdatesRestrictedSizeService": ("getHotlistUpdatesRestrictSize", PIPS, [
        ("signatureOfSender", "string", MUST), ("username", "string", MUST),
        ("sourceId", "string", MUST), ("hotlistName", "string", MUST), ("size", "int", MUST)],
        ("getHotlistUpdatesRestrictSizeReturn", "BofHotlistData")),
    "SetHotlistStatusService": ("setHotlistStatus", PIPS, [
        ("signatureOfSender", "string", MUST), ("username", "string", MUST),
        ("sourceId", "string", MUST),
        ("hotlistsAndRevisions", "array of ExternalHotlistRevisions", MUST)],
        (None, None)),
    "PNCManualCheckWebService": ("manualCheck", PNC, [
        ("signature", "string", MUST), ("username", "string", MUST), ("reasonCode", "int", MUST),
        ("vrm", "string", MUST), ("sourceId", "int", MUST)], ("manualCheckReturn", "anyType")),
    "PNCFastTrackResponsesWebService": ("fastTrackResponses", PNC, [
        ("signature", "string", MUST), ("username", "string", MUST),
        ("sourceIdentifier", "int", MUST)], ("fastTrackResponsesReturn", "array of anyType")),
    "PNCStatusWebService": ("pingPNC", PNC, [
        ("signature", "string", MUST), ("username", "string", MUST)], ("pingPNCReturn", "boolean")),
    "PingWebService": ("ping", ADMIN, [
        ("signature", "string", MUST), ("sourcePncId", "int", MUST)], ("pingReturn", "boolean")),
}

EXTERNAL_HOTLIST_REVISIONS = [("currentRevision", "string", MAY), ("hotlistName", "string", MAY)]
COMPOUND_MAX = 50
WHOLE = {"byte": 8, "short": 16, "int": 32, "long": 64}
DATE_TIME = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
FLOAT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


class Wrong(Exception):
    """What about a request is not as it must be."""


class Element:
    """An element with the prefixes that are in force in it."""

    def __init__(self, tag, attributes, prefixes):
        self.tag, self.attributes, self.prefixes = tag, attributes, prefixes
        self.children, self.text = [], ""

    def name_of(self, text):
        """The {namespace}name that a prefixed name in a value stands for."""
        prefix, _, name = text.rpartition(":")
        if prefix not in self.prefixes:
            raise Wrong(f"the prefix of '{text}' is not declared")
        return "{%s}%s" % (self.prefixes[prefix], name)


def parse(data):
    """Element tree with prefixes; Wrong for anything but one document in UTF-8 without a type."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("the request is not UTF-8") from None
    if "<!" in text:
        raise Wrong("the request has a document type, a comment or a CDATA section")
    scopes, pending, stack, root = [{"xml": ""}], {}, [], None
    try:
        events = ET.iterparse(io.BytesIO(data), ("start-ns", "start", "end"))
        for event, value in events:
            if event == "start-ns":
                pending[value[0]] = value[1]
            elif event == "start":
                scopes.append({**scopes[-1], **pending})
                pending = {}
                element = Element(value.tag, value.attrib, scopes[-1])
                if stack:
                    stack[-1].children.append(element)
                else:
                    root = element
                stack.append(element)
            else:
                scopes.pop()
                element = stack.pop()
                element.text = value.text or ""
                if value.tail and value.tail.strip():
                    raise Wrong(f"there is text behind {value.tag}")
                if element.children and element.text.strip():
                    raise Wrong(f"there is text between the parts of {value.tag}")
    except ET.ParseError as error:
        raise Wrong(f"the request is not well-formed: {error}") from None
    return root


def check_value(name, kind, text):
    """The value of a text of an XML Schema type."""
    if kind == "string":
        return text
    if kind in WHOLE:
        if not re.fullmatch(r"[+-]?\d+", text):
            raise Wrong(f"{name} '{text}' is no {kind}")
        value, half = int(text), 1 << (WHOLE[kind] - 1)
        if not -half <= value < half:
            raise Wrong(f"{name} '{text}' does not fit a {kind}")
        return value
    if kind == "float":
        if not FLOAT.fullmatch(text) or not math.isfinite(float(text)):
            raise Wrong(f"{name} '{text}' is no float")
        return float(text)
    if kind == "boolean":
        if text not in ("true", "false", "1", "0"):
            raise Wrong(f"{name} '{text}' is no boolean")
        return text in ("true", "1")
    if kind == "dateTime":
        if not DATE_TIME.fullmatch(text):
            raise Wrong(f"{name} '{text}' is no dateTime")
        return text
    if kind == "base64Binary":
        try:
            return base64.b64decode("".join(text.split()), validate=True)
        except binascii.Error as error:
            raise Wrong(f"{name} is no Base64: {error}") from None
    raise AssertionError(kind)


def check_type(element, kind):
    """xsi:type must be there, and be the type of XML Schema or SOAP's own of that name."""
    written = element.attributes.get("{%s}type" % XSI)
    if written is None:
        raise Wrong(f"{element.tag} has no xsi:type")
    if element.name_of(written) not in ("{%s}%s" % (XSD, kind), "{%s}%s" % (ENCODING, kind)):
        raise Wrong(f"{element.tag} is of the type {written}, not {kind}")


def check_attributes(element, allowed):
    for name in element.attributes:
        if name not in allowed:
            raise Wrong(f"{element.tag} has the attribute {name}")


def check_simple(element, name, kind, must):
    check_attributes(element, ("{%s}type" % XSI, "{%s}nil" % XSI))
    check_type(element, kind)
    if element.children:
        raise Wrong(f"{name} has elements in it")
    nil = element.attributes.get("{%s}nil" % XSI)
    if nil is not None:
        if nil not in ("true", "1") or element.text:
            raise Wrong(f"{name} has xsi:nil={nil} and '{element.text}'")
        if must:
            raise Wrong(f"{name} is nil, but must have a value")
        return None
    if not element.text:
        if must:
            raise Wrong(f"{name} is empty, but must have a value")
        return None
    return check_value(name, kind, element.text)


def check_array(element, name, kind, namespace):
    check_attributes(element, ("{%s}type" % XSI, "{%s}arrayType" % ENCODING))
    if element.name_of(element.attributes.get("{%s}type" % XSI, "")) != "{%s}Array" % ENCODING:
        raise Wrong(f"{name} is not of the type Array of SOAP's encoding")
    shape = re.fullmatch(r"(.+)\[(\d+)\]", element.attributes.get("{%s}arrayType" % ENCODING, ""))
    if shape is None:
        raise Wrong(f"{name} has no soapenc:arrayType with a size")
    wanted = ("{%s}string" % XSD, "{%s}string" % ENCODING) if kind == "string" else (
        "{%s}%s" % (namespace, kind),)
    if element.name_of(shape[1]) not in wanted:
        raise Wrong(f"{name} is an array of {shape[1]}, not of {kind}")
    if int(shape[2]) != len(element.children) or not element.children:
        raise Wrong(f"{name} says {shape[2]} items and has {len(element.children)}")
    if kind == "string":
        return [check_simple(item, name + " item", "string", MUST) for item in element.children]
    return [check_record(item, kind, namespace) for item in element.children]


def check_record(element, kind, namespace):
    check_attributes(element, ("{%s}type" % XSI,))
    if element.name_of(element.attributes.get("{%s}type" % XSI, "")) != "{%s}%s" % (namespace, kind):
        raise Wrong(f"an item is not of the type {kind}")
    return check_parts(element, EXTERNAL_HOTLIST_REVISIONS, namespace)


def check_parts(element, parts, namespace):
    names = [child.tag for child in element.children]
    wanted = [part[0] for part in parts]
    if names != wanted:
        raise Wrong(f"the parts are {names}, not {wanted}")
    values = {}
    for child, (name, kind, must) in zip(element.children, parts):
        if kind.startswith("array of "):
            values[name] = check_array(child, name, kind[len("array of "):], namespace)
        else:
            values[name] = check_simple(child, name, kind, must)
    return values


def check_ids(values):
    for name in ("feedIdentifier", "sourceIdentifier", "cameraIdentifier"):
        if name in values and not 1 <= values[name] <= 32767:
            raise Wrong(f"{name} {values[name]} is not from 1 to 32767")


def check_read(values):
    """What holds of every read, by whichever call it comes."""
    check_ids(values)
    confidence = values.get("confidencePercentage")
    if confidence is not None and not 0 <= confidence <= 100:
        raise Wrong(f"confidencePercentage {confidence} is not from 0 to 100")
    if not re.fullmatch(r"[^\sa-z|]+", values["vrm"]):
        raise Wrong("vrm has spaces, small letters or '|'")
    place = (values.get("latitude"), values.get("longitude"))
    if (place[0] is None) != (place[1] is None):
        raise Wrong("half of a position")
    if place == (0, 0):
        raise Wrong("0,0 is no position")
    if place[0] is not None and (abs(place[0]) > 90 or abs(place[1]) > 180):
        raise Wrong(f"{place} is not on the earth")


COMPACT = [
    ("signature", "string", MUST), ("username", "string", MUST), ("vrm", "string", MUST),
    ("feedIdentifier", "short", MUST), ("sourceIdentifier", "short", MUST),
    ("cameraIdentifier", "short", MUST), ("captureTime", "dateTime", MUST),
    ("latitude", "float", MAY), ("longitude", "float", MAY), ("cameraPresetPosition", "short", MAY),
    ("cameraPan", "string", MAY), ("cameraTilt", "string", MAY), ("cameraZoom", "string", MAY),
    ("confidencePercentage", "byte", MAY), ("motionTowardCamera", "boolean", MAY)]


def check_compact(text):
    """The fifteen fields of a compact capture."""
    fields = text.split("|")
    if len(fields) != len(COMPACT):
        raise Wrong(f"a compact capture has {len(fields)} fields, not {len(COMPACT)}")
    values = {}
    for field, (name, kind, must) in zip(fields, COMPACT):
        if must and not field:
            raise Wrong(f"{name} is empty in a compact capture")
        values[name] = check_value(name, kind, field) if field else None
    check_read(values)
    return values


def check(path, data, headers=None):
    """(operation, values) of a request to a path such as /bof2/services/PingWebService."""
    service = SERVICES.get(path.rstrip("/").rsplit("/", 1)[-1])
    if service is None:
        raise Wrong(f"there is no service {path}")
    operation, namespace, parts, _ = service
    if headers is not None:
        if headers.get("Content-Type", "").replace(" ", "").lower() != "text/xml;charset=utf-8":
            raise Wrong(f"the content type is {headers.get('Content-Type')}")
        if not re.fullmatch(r'"[^"]*"', headers.get("SOAPAction", "")):
            raise Wrong(f"SOAPAction is {headers.get('SOAPAction')}, which is not quoted")
    root = parse(data)
    if root.tag != "{%s}Envelope" % ENVELOPE or [c.tag for c in root.children] != [
            "{%s}Body" % ENVELOPE]:
        raise Wrong("there is not one Body in an Envelope of SOAP 1.1")
    calls = root.children[0].children
    if [c.tag for c in calls] != ["{%s}%s" % (namespace, operation)]:
        raise Wrong(f"the Body holds {[c.tag for c in calls]}, not {operation} of {namespace}")
    call = calls[0]
    check_attributes(call, ("{%s}encodingStyle" % ENVELOPE,))
    if call.attributes.get("{%s}encodingStyle" % ENVELOPE) != ENCODING:
        raise Wrong(f"{operation} does not say SOAP's encodingStyle")
    values = check_parts(call, parts, namespace)
    if operation == "sendCapture":
        check_read(values)
    elif operation == "addBinaryCaptureData":
        check_ids(values)
    elif operation == "sendCompactCapture":
        values["reads"] = [check_compact(values["capture"])]
    elif operation == "sendCompoundCapture":
        if len(values["captures"]) > COMPOUND_MAX:
            raise Wrong(f"{len(values['captures'])} captures in one call")
        values["reads"] = [check_compact(text) for text in values["captures"]]
    return operation, values
