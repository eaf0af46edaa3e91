/* A hostile driver image for the tests of the sandbox, in C, without any header of Microsoft's: the function code of
 * an application's device control chooses what it tries. The output is what the kernel of the host returned. Built
 * by build.sh; escape.sys is kept beside this file so that the tests need no compiler for Windows. */

typedef int NTSTATUS;
typedef unsigned int ULONG;
typedef unsigned short WCHAR;
typedef unsigned long long SIZE_T;
typedef long long LONGLONG;
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

static PVOID *Functions;
static PVOID Globals;
static WDF_BIND_INFO BindInfo = { sizeof(WDF_BIND_INFO), L"KmdfLibrary", { 1, 15, 0 }, 444, (PVOID *)&Functions, 0 };

/* Indices of KMDF 1.15's table. */
#define CALL(index, type) ((type)Functions[index])
enum { DeviceCreate = 75, DeviceCreateSymbolicLink = 80, DriverCreate = 116, IoQueueCreate = 152,
       RequestCompleteWithInformation = 265, RequestRetrieveInputBuffer = 269, RequestRetrieveOutputBuffer = 270 };

/* Numbers of the host's system calls. */
enum { Write = 1, Open = 2, Mprotect = 10, Dup = 32, Getpid = 39, Socket = 41, Clone = 56, Fork = 57, Execve = 59, Kill = 62,
       Ptrace = 101, Prctl = 157, Openat = 257, ExitGroup = 231, IoUringSetup = 425 };
enum { X32 = 0x40000000, I386Getpid = 20, I386Kill = 37 };
enum { OpenWriteCreate = 0101, OpenReadWrite = 2, AtFdcwd = -100, Sigkill = 9, PtraceAttach = 16, Executable = 7 };

static LONGLONG call(LONGLONG number, SIZE_T a, SIZE_T b, SIZE_T c)
{
    register SIZE_T d __asm__("r10") = 0;
    __asm__ volatile("syscall" : "+a"(number) : "D"(a), "S"(b), "d"(c), "r"(d) : "rcx", "r11", "memory");
    return number;
}

static LONGLONG call_i386(int number, int a, int b)
{
    __asm__ volatile("int $0x80" : "+a"(number) : "b"(a), "c"(b), "d"(0) : "r8", "r9", "r10", "r11", "memory");
    return number;
}

/* Uses a `syscall` instruction of the emulator's own code: jumps to the first one behind a function of its table. */
static LONGLONG call_borrowed(LONGLONG number, SIZE_T a, SIZE_T b, SIZE_T c)
{
    const volatile unsigned char *at = Functions[0];
    while (at[0] != 0x0F || at[1] != 0x05) at++;
    __asm__ volatile("call *%[at]" : "+a"(number) : [at] "r"(at), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return number;
}

static __declspec(align(4096)) unsigned char Page[4096];

static SIZE_T length(const char *text)
{
    SIZE_T count = 0;
    while (text[count]) count++;
    return count;
}

/* `text` is a path or what to write; `process` is the number of a process. Both are from the input. */
static LONGLONG attempt(ULONG what, char *text, int process)
{
    static ULONG ring[30];
    static const char memory[] = "/proc/self/mem";
    char *arguments[] = { text, text + length(text) + 1, 0 };
    switch (what) {
    case 0: return call(Open, (SIZE_T)text, OpenWriteCreate, 0644);
    case 1: return call(Socket, 2, 1, 0);
    case 2: return call(Execve, (SIZE_T)text, (SIZE_T)arguments, (SIZE_T)&arguments[2]);
    case 3: return call(Ptrace, PtraceAttach, process, 0);
    case 4: return call(Kill, process, Sigkill, 0);
    case 5: return call(Open, (SIZE_T)memory, OpenReadWrite, 0);
    case 6: return call(IoUringSetup, 8, (SIZE_T)ring, 0);
    case 7: return call(Clone, 17, 0, 0);
    case 8: return call(Fork, 0, 0, 0);
    case 9: return call(Prctl, 4, 1, 0);
    case 10: return call(Mprotect, (SIZE_T)Page, sizeof Page, Executable);
    case 11: return call(Openat, AtFdcwd, (SIZE_T)text, OpenWriteCreate);
    /* Calls that the emulator itself may make. */
    case 12: return call(Getpid, 0, 0, 0);
    case 13: return call(Write, 1, (SIZE_T)text, length(text));
    /* Other conventions. */
    case 14: return call_i386(I386Getpid, 0, 0);
    case 15: return call_i386(I386Kill, process, Sigkill);
    case 16: return call(X32 | Open, (SIZE_T)text, OpenWriteCreate, 0644);
    case 17: return call(X32 | 520, (SIZE_T)text, (SIZE_T)arguments, (SIZE_T)&arguments[2]);
    case 18: return call(-1, 0, 0, 0);
    /* Somebody else's instruction. */
    case 19: return call_borrowed(Open, (SIZE_T)text, OpenWriteCreate, 0644);
    case 20: return call_borrowed(Mprotect, (SIZE_T)Page, sizeof Page, Executable);
    case 21: return call_borrowed(Kill, process, Sigkill, 0);
    case 22: return call_borrowed(Write, 1, (SIZE_T)text, length(text));
    case 23: return call_borrowed(ExitGroup, 0, 0, 0);
    /* Without any call. */
    case 24: for (;;) __asm__ volatile("pause");
    case 25: {
        /* The framework writes the size of the buffer where this points to. */
        PVOID buffer;
        return CALL(RequestRetrieveInputBuffer, NTSTATUS (*)(PVOID, PVOID, SIZE_T, PVOID *, SIZE_T *))
            (Globals, *(PVOID *)Page, 1, &buffer, (SIZE_T *)0x1000);
    }
    /* A descriptor that somebody else left open. */
    case 26: return call(Dup, process, 0, 0);
    case 27: return call_borrowed(Prctl, 4, 1, 0);
    default: return 0;
    }
}

static void EvtIoDeviceControl(PVOID Queue, PVOID Request, SIZE_T OutputLength, SIZE_T InputLength, ULONG Code)
{
    static char text[512];
    char *input;
    LONGLONG *output;
    SIZE_T size, index, done = 0;
    NTSTATUS status;
    LONGLONG result;
    (void)Queue;
    (void)OutputLength;
    for (index = 0; index < sizeof text; index++) text[index] = 0;
    if (InputLength) {
        status = CALL(RequestRetrieveInputBuffer, NTSTATUS (*)(PVOID, PVOID, SIZE_T, char **, SIZE_T *))
            (Globals, Request, 1, &input, &size);
        for (index = 0; status >= 0 && index < size && index < sizeof text - 2; index++) text[index] = input[index];
    }
    *(PVOID *)Page = Request;
    result = attempt((Code >> 2) & 0xFF, text, *(int *)text);
    status = CALL(RequestRetrieveOutputBuffer, NTSTATUS (*)(PVOID, PVOID, SIZE_T, LONGLONG **, SIZE_T *))
        (Globals, Request, sizeof result, &output, &size);
    if (status >= 0) {
        *output = result;
        done = sizeof result;
    }
    CALL(RequestCompleteWithInformation, void (*)(PVOID, PVOID, NTSTATUS, SIZE_T))(Globals, Request, status, done);
}

static NTSTATUS EvtDriverDeviceAdd(PVOID Driver, PVOID Init)
{
    static WCHAR name[] = L"\\DosDevices\\Escape";
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
    config.EvtIoDeviceControl = (PVOID)EvtIoDeviceControl;
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
