/* bolo-bof2-services.c: the thirteen services of a BOF2 back office, as they come
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-bof2-services.h"

#define INPUT "http://input.webservices.bof2.anite.com"
#define SCARAB "http://scarab.webservices.bof2.anite.com"
#define PIPS "http://bof2.pipstechnology.com"
#define PNC "http://pnc.webservices.bof2.anite.com"
#define ADMIN "http://admin.webservices.bof2.anite.com"

/* Services do not agree on how the same part is written (signature, signatureOfSender; sourceID,
 * sourceId): no slip of ours. */
static const BoloSoapDefault services[] = {
  {"InputCaptureWebService", "sendCapture", INPUT,
   "secret signatureOfSender string;username username string;vrm vrm string;"
   "feed feedIdentifier short;source sourceIdentifier short;camera cameraIdentifier short;"
   "plate plateJpegImage base64Binary;overview overviewJpegImage base64Binary;"
   "time captureTime dateTime;latitude latitude float;longitude longitude float;"
   "preset cameraPresetPosition short;pan cameraPan string;tilt cameraTilt string;"
   "zoom cameraZoom string;confidence confidencePercentage byte;"
   "motion motionTowardCamera boolean",
   "sendCaptureReturn string", NULL, NULL},
  {"InputCompactCaptureWebService", "sendCompactCapture", INPUT, "capture capture string",
   "sendCompactCaptureReturn string", NULL, NULL},
  {"InputCompoundCaptureWebService", "sendCompoundCapture", INPUT, "captures captures strings",
   "sendCompoundCaptureReturn string", NULL, NULL},
  {"InputBinaryCaptureDataWebService", "addBinaryCaptureData", INPUT,
   "secret signature string;username username string;vrm vrm string;feed feedIdentifier short;"
   "source sourceIdentifier short;camera cameraIdentifier short;time captureTime dateTime;"
   "image binaryImage base64Binary;kind binaryDataType string",
   "addBinaryCaptureDataReturn string", NULL, NULL},
  {"GetHotlistRepoStatusService", "getRepoStatus", SCARAB,
   "secret signatureOfSender string;username username string;source sourceID string;"
   "revision revNumber long",
   "getRepoStatusReturn long", NULL, NULL},
  {"GetHotlistStatusService", "getHotlistStatus", SCARAB,
   "secret signatureOfSender string;username username string;source sourceID string",
   "getHotlistStatusReturn records", "BofHotlistRevisions",
   "repo externalSystemRevision string;name hotlistName string;latest latestRevision string"},
  {"GetHotlistUpdatesService", "getHotlistUpdates", "urn:GetHotlistUpdatesService",
   "secret signature string;username userName string;source sourceId string;"
   "list hotlistName string",
   "getHotlistUpdatesReturn record", "BofHotlistData",
   "too-big fileTooBig boolean;deltas hotlistDeltas base64Binary;name hotlistName string;"
   "latest latestRevision string"},
  {"GetHotlistsUpdatesRestrictedSizeService", "getHotlistUpdatesRestrictSize", PIPS,
   "secret signatureOfSender string;username username string;source sourceId string;"
   "list hotlistName string;size size int",
   "getHotlistUpdatesRestrictSizeReturn record", "BofHotlistData",
   "too-big fileTooBig boolean;deltas hotlistDeltas base64Binary;name hotlistName string;"
   "latest latestRevision string"},
  {"SetHotlistStatusService", "setHotlistStatus", PIPS,
   "secret signatureOfSender string;username username string;source sourceId string;"
   "revisions hotlistsAndRevisions records",
   "setHotlistStatusReturn nothing", "ExternalHotlistRevisions",
   "current currentRevision string;name hotlistName string"},
  {"PNCManualCheckWebService", "manualCheck", PNC,
   "secret signature string;username username string;reason reasonCode int;vrm vrm string;"
   "source sourceId int",
   "manualCheckReturn any", NULL, NULL},
  {"PNCFastTrackResponsesWebService", "fastTrackResponses", PNC,
   "secret signature string;username username string;source sourceIdentifier int",
   "fastTrackResponsesReturn any", NULL, NULL},
  {"PNCStatusWebService", "pingPNC", PNC, "secret signature string;username username string",
   "pingPNCReturn boolean", NULL, NULL},
  {"PingWebService", "ping", ADMIN, "secret signature string;source sourcePncId int",
   "pingReturn boolean", NULL, NULL},
  {0},
};

BoloSoapTable *
bolo_bof2_services_new (void)
{
  return bolo_soap_table_new (services);
}
