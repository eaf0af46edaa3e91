/* Imports and framework functions without a model, which stop a run only when they are used. */

#include "../driver.h"

IMPORT SIZE_T ExInventedFunction(SIZE_T);
IMPORT extern SIZE_T ExInventedVariable;
IMPORT extern SIZE_T MmUserProbeAddress;

static WCHAR LinkName[] = L"\\DosDevices\\Imports";

static NTSTATUS initialise(void) { return STATUS_SUCCESS; }

static NTSTATUS act(ULONG function, SIZE_T input, SIZE_T *answer)
{
    PVOID collection;
    switch (function) {
    case 0: *answer = input + 1; break;
    case 1: *answer = ExInventedFunction(input); break;
    case 2: *answer = ExInventedVariable; break;
    case 3: *answer = MmUserProbeAddress; break;
    case 4: return CALL(CollectionCreate, NTSTATUS (*)(PVOID, PVOID, PVOID *))(Globals, 0, &collection);
    }
    return STATUS_SUCCESS;
}
