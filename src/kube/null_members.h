// Members that are null: an API server takes them for missing, and so must whoever judges an object before it does.
// Threads: safe. Limits: those of the document that the object came from.
#pragma once

#include "codec/value.h"

namespace seawall::kube {

bool has_null_members(codec::Value object);

// The object with no null member anywhere; null items of lists stay. The document is empty where the object can't be
// copied (numbers beyond all limits).
codec::Document without_null_members(codec::Value object);

}  // namespace seawall::kube
