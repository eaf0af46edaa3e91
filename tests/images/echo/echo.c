/* A driver image for the emulator's tests, in C, without any header of Microsoft's: an application's writes are
 * completed with their length; "print" prints, "trap" breaks a rule. Built by build.sh; echo.sys is kept beside
 * this file so that the tests need no compiler for Windows. */

typedef int NTSTATUS;
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
    ULONG Size; int DispatchType; int PowerManaged; unsigned char AllowZeroLengthRequests, DefaultQueue;
    PVOID EvtIoDefault, EvtIoRead, EvtIoWrite, EvtIoDeviceControl, EvtIoInternalDeviceControl;
    PVOID EvtIoStop, EvtIoResume, EvtIoCanceledOnQueue;
    ULONG NumberOfPresentedRequests; PVOID Driver;
} WDF_IO_QUEUE_CONFIG;

__declspec(dllimport) NTSTATUS WdfVersionBind(PVOID, UNICODE_STRING *, WDF_BIND_INFO *, PVOID *);
__declspec(dllimport) NTSTATUS WdfVersionUnbind(UNICODE_STRING *, WDF_BIND_INFO *, PVOID);
__declspec(dllimport) ULONG DbgPrint(const char *, ...);
__declspec(dllimport) void KeBugCheckEx(ULONG, SIZE_T, SIZE_T, SIZE_T, SIZE_T);

static PVOID *Functions;
static PVOID Globals;
static WDF_BIND_INFO BindInfo = { sizeof(WDF_BIND_INFO), L"KmdfLibrary", { 1, 15, 0 }, 444, (PVOID *)&Functions, 0 };

/* Indices of KMDF 1.15's table. */
#define CALL(index, type) ((type)Functions[index])
enum { DeviceCreate = 75, DeviceCreateSymbolicLink = 80, DriverCreate = 116, IoQueueCreate = 152,
       RequestCompleteWithInformation = 265, RequestRetrieveInputBuffer = 269 };

static void EvtIoWrite(PVOID Queue, PVOID Request, SIZE_T Length)
{
    char *buffer;
    SIZE_T size;
    (void)Queue;
    NTSTATUS status = CALL(RequestRetrieveInputBuffer, NTSTATUS (*)(PVOID, PVOID, SIZE_T, char **, SIZE_T *))
        (Globals, Request, 1, &buffer, &size);
    if (status >= 0 && size == 5 && buffer[0] == 'p')
        DbgPrint("%s from C: %d %d %d %d %I64x\n", "hello", 1, -2, 3, -4, 0x123456789abcdefULL);
    if (status >= 0 && size == 4 && buffer[0] == 't')
        KeBugCheckEx(0xC0DE, 1, 2, 3, 4);
    CALL(RequestCompleteWithInformation, void (*)(PVOID, PVOID, NTSTATUS, SIZE_T))
        (Globals, Request, status, status >= 0 ? Length : 0);
}

static NTSTATUS EvtDriverDeviceAdd(PVOID Driver, PVOID Init)
{
    static WCHAR name[] = L"\\DosDevices\\EchoImage";
    UNICODE_STRING link = { sizeof name - sizeof *name, sizeof name, name };
    WDF_IO_QUEUE_CONFIG config = { 0 };
    PVOID device;
    NTSTATUS status;
    (void)Driver;
    status = CALL(DeviceCreate, NTSTATUS (*)(PVOID, PVOID *, PVOID, PVOID *))(Globals, &Init, 0, &device);
    if (status < 0) return status;
    status = CALL(DeviceCreateSymbolicLink, NTSTATUS (*)(PVOID, PVOID, UNICODE_STRING *))(Globals, device, &link);
    if (status < 0) return status;
    config.Size = sizeof config;
    config.DispatchType = 1;
    config.PowerManaged = 2;
    config.DefaultQueue = 1;
    config.EvtIoWrite = (PVOID)EvtIoWrite;
    return CALL(IoQueueCreate, NTSTATUS (*)(PVOID, PVOID, WDF_IO_QUEUE_CONFIG *, PVOID, PVOID *))
        (Globals, device, &config, 0, 0);
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
