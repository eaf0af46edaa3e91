/* What the driver images of these tests have in common, without any header of Microsoft's: a device with a symbolic
 * link, whose device controls call `act` with the function of the control code and the first 8 bytes of the input,
 * and give back its answer in 8 bytes. */

typedef int NTSTATUS;
typedef unsigned char UCHAR;
typedef unsigned int ULONG;
typedef unsigned short WCHAR;
typedef unsigned long long SIZE_T;
typedef void *PVOID;
typedef struct { unsigned short Length, MaximumLength; WCHAR *Buffer; } UNICODE_STRING;

typedef struct { ULONG Major, Minor, Build; } WDF_VERSION;
typedef struct {
    ULONG Size; WCHAR *Component; WDF_VERSION Version; ULONG FuncCount; PVOID *FuncTable; PVOID Module;
} WDF_BIND_INFO;
typedef struct {
    ULONG Size; PVOID EvtDriverDeviceAdd; PVOID EvtDriverUnload; ULONG DriverInitFlags; ULONG DriverPoolTag;
} WDF_DRIVER_CONFIG;
typedef struct {
    ULONG Size; int DispatchType; int PowerManaged; UCHAR AllowZeroLengthRequests, DefaultQueue;
    PVOID EvtIoDefault, EvtIoRead, EvtIoWrite, EvtIoDeviceControl, EvtIoInternalDeviceControl;
    PVOID EvtIoStop, EvtIoResume, EvtIoCanceledOnQueue;
    ULONG NumberOfPresentedRequests; PVOID Driver;
} WDF_IO_QUEUE_CONFIG;
typedef struct {
    ULONG Size; PVOID EvtCleanupCallback, EvtDestroyCallback; int ExecutionLevel, SynchronizationScope;
    PVOID ParentObject; SIZE_T ContextSizeOverride; PVOID ContextTypeInfo;
} WDF_OBJECT_ATTRIBUTES;
typedef struct { ULONG Size; PVOID EvtDpcFunc; UCHAR AutomaticSerialization; } WDF_DPC_CONFIG;

#define IMPORT __declspec(dllimport)
IMPORT NTSTATUS WdfVersionBind(PVOID, UNICODE_STRING *, WDF_BIND_INFO *, PVOID *);
IMPORT NTSTATUS WdfVersionUnbind(UNICODE_STRING *, WDF_BIND_INFO *, PVOID);

static PVOID *Functions;
static PVOID Globals;
static PVOID Device;
static WDF_BIND_INFO BindInfo = { sizeof(WDF_BIND_INFO), L"KmdfLibrary", { 1, 15, 0 }, 444, (PVOID *)&Functions, 0 };

/* Indices of KMDF 1.15's table. */
#define CALL(index, type) ((type)Functions[index])
enum { CollectionCreate = 13, DeviceInitSetIoInCallerContextCallback = 74, DeviceCreate = 75,
       DeviceCreateSymbolicLink = 80, DeviceEnqueueRequest = 91, DpcCreate = 111, DpcEnqueue = 112, DriverCreate = 116, IoQueueCreate = 152,
       RequestCompleteWithInformation = 265, RequestRetrieveInputBuffer = 269, RequestRetrieveOutputBuffer = 270,
       RequestRetrieveUnsafeUserInputBuffer = 273, RequestRetrieveUnsafeUserOutputBuffer = 274 };

#define STATUS_SUCCESS 0

/* Each image defines these. */
static WCHAR LinkName[];
__attribute__((noinline)) static NTSTATUS act(ULONG function, SIZE_T input, SIZE_T *answer);
static NTSTATUS initialise(void);

static void complete(PVOID Request, NTSTATUS status, SIZE_T information)
{
    CALL(RequestCompleteWithInformation, void (*)(PVOID, PVOID, NTSTATUS, SIZE_T))(Globals, Request, status, information);
}

static void EvtIoDeviceControl(PVOID Queue, PVOID Request, SIZE_T OutputLength, SIZE_T InputLength, ULONG Code)
{
    SIZE_T *buffer, input = 0, answer = 0;
    NTSTATUS status;
    (void)Queue; (void)OutputLength;
    typedef NTSTATUS (*RETRIEVE)(PVOID, PVOID, SIZE_T, SIZE_T **, SIZE_T *);
    if (InputLength >= 8 && CALL(RequestRetrieveInputBuffer, RETRIEVE)(Globals, Request, 8, &buffer, 0) >= 0)
        input = *buffer;
    status = act(Code >> 2 & 0xFFF, input, &answer);
    if (status >= 0)
        status = CALL(RequestRetrieveOutputBuffer, RETRIEVE)(Globals, Request, 8, &buffer, 0);
    if (status >= 0)
        *buffer = answer;
    complete(Request, status, status >= 0 ? 8 : 0);
}

#ifdef IN_CALLER_CONTEXT
static void EvtIoInCallerContext(PVOID Device, PVOID Request);
#endif

static NTSTATUS EvtDriverDeviceAdd(PVOID Driver, PVOID Init)
{
    UNICODE_STRING link = { 0, 0, LinkName };
    WDF_IO_QUEUE_CONFIG config;
    NTSTATUS status;
    (void)Driver;
    for (; LinkName[link.Length / 2]; link.Length += 2) {}
    link.MaximumLength = link.Length;
#ifdef IN_CALLER_CONTEXT
    CALL(DeviceInitSetIoInCallerContextCallback, void (*)(PVOID, PVOID, PVOID))(Globals, Init, (PVOID)EvtIoInCallerContext);
#endif
    status = CALL(DeviceCreate, NTSTATUS (*)(PVOID, PVOID *, PVOID, PVOID *))(Globals, &Init, 0, &Device);
    if (status < 0) return status;
    status = CALL(DeviceCreateSymbolicLink, NTSTATUS (*)(PVOID, PVOID, UNICODE_STRING *))(Globals, Device, &link);
    if (status < 0) return status;
    for (SIZE_T i = 0; i < sizeof config; i++) ((volatile UCHAR *)&config)[i] = 0;
    config.Size = sizeof config;
    config.DispatchType = 1;
    config.PowerManaged = 2;
    config.DefaultQueue = 1;
    config.EvtIoDeviceControl = (PVOID)EvtIoDeviceControl;
    status = CALL(IoQueueCreate, NTSTATUS (*)(PVOID, PVOID, WDF_IO_QUEUE_CONFIG *, PVOID, PVOID *))
        (Globals, Device, &config, 0, 0);
    return status < 0 ? status : initialise();
}

NTSTATUS FxDriverEntry(PVOID DriverObject, UNICODE_STRING *RegistryPath)
{
    WDF_DRIVER_CONFIG config = { sizeof config, (PVOID)EvtDriverDeviceAdd, 0, 0, 0 };
    NTSTATUS status = WdfVersionBind(DriverObject, RegistryPath, &BindInfo, &Globals);
    if (status < 0) return status;
    status = CALL(DriverCreate, NTSTATUS (*)(PVOID, PVOID, UNICODE_STRING *, PVOID, WDF_DRIVER_CONFIG *, PVOID *))
        (Globals, DriverObject, RegistryPath, 0, &config, 0);
    if (status < 0) WdfVersionUnbind(RegistryPath, &BindInfo, Globals);
    return status;
}
