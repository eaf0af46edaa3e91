/* Structured exceptions, and requests with buffers of the program's. */

#define IN_CALLER_CONTEXT
#include "../driver.h"

IMPORT void ExRaiseStatus(NTSTATUS);
IMPORT void ProbeForRead(const volatile void *, SIZE_T, ULONG);
IMPORT void ProbeForWrite(volatile void *, SIZE_T, ULONG);
IMPORT PVOID memcpy(PVOID, const void *, SIZE_T);

unsigned long __cdecl _exception_code(void);
void *__cdecl _exception_info(void);
#define GetExceptionCode() ((NTSTATUS)_exception_code())

static WCHAR LinkName[] = L"\\DosDevices\\Seh";
static volatile SIZE_T Trail;

static NTSTATUS initialise(void) { return STATUS_SUCCESS; }

__attribute__((noinline)) static void note(SIZE_T digit) { Trail = Trail * 16 + digit; }

__attribute__((noinline)) static void raises(NTSTATUS status)
{
    note(1);
    __try {
        ExRaiseStatus(status);
        note(0xE);
    } __finally {
        note(2);
    }
    note(0xF);
}

__attribute__((noinline)) static int filter(NTSTATUS code, NTSTATUS wanted) { note(3); return code == wanted; }

/* The compiler takes only calls for what may raise. */
__attribute__((noinline)) static SIZE_T divide(SIZE_T value, ULONG by) { return (ULONG)value / by; }
__attribute__((noinline)) static void store(SIZE_T place) { *(volatile ULONG *)place = 1; }
__attribute__((noinline)) static void breakpoint(void) { __asm__ volatile("int3"); }
__attribute__((noinline)) static SIZE_T load_through_rax(SIZE_T place)
{
    SIZE_T value;
    __asm__ volatile("movq (%%rax), %0" : "=r"(value) : "a"(place) : "memory");
    return value;
}

static NTSTATUS act(ULONG function, SIZE_T input, SIZE_T *answer)
{
    NTSTATUS status = STATUS_SUCCESS;
    Trail = 0;
    switch (function) {
    case 1: /* a filter, a termination handler of another function, a handler */
        __try { raises((NTSTATUS)input); } __except (filter(GetExceptionCode(), (NTSTATUS)input)) {
            note(4);
            status = GetExceptionCode();
        }
        if (status == (NTSTATUS)input) { *answer = Trail; status = STATUS_SUCCESS; }
        break;
    case 2: /* an inner filter that declines, and an outer one that takes it */
        __try {
            __try { raises((NTSTATUS)0xC0000001); } __except (filter(GetExceptionCode(), 5)) { note(9); }
            note(0xD);
        } __except (1) { note(5); }
        *answer = Trail;
        break;
    case 3: /* nobody takes it */
        raises((NTSTATUS)input);
        break;
    case 4: /* a division, and the locals are as they were */
        { volatile SIZE_T local = 40; volatile ULONG zero = 0;
          __try { local++; local = divide(100, zero); } __except (1) { local++; }
          *answer = local; }
        break;
    case 5: /* leaves a __try through its __finally, without an exception */
        __try { note(6); if (input) __leave; note(7); } __finally { note(8); }
        *answer = Trail;
        break;
    case 6: /* a null pointer, which only a handler of everything takes */
        __try { store(input); } __except (1) { *answer = (ULONG)GetExceptionCode(); }
        break;
    case 7: /* an exception in a callee without a frame of its own to unwind, many times */
        for (SIZE_T i = 0; i < input; i++) {
            __try { ExRaiseStatus((NTSTATUS)0xC0000022); } __except (1) { ++*answer; }
        }
        break;
    case 8: /* a filter that mends what was wrong and goes on */
        { struct { SIZE_T *Record; SIZE_T *Context; } *pointers;
          volatile SIZE_T place = 77;
          __try {
              /* rax holds the bad address; its place in CONTEXT is 0x78. */
              *answer = load_through_rax(16);
          } __except (pointers = _exception_info(), pointers->Context[0x78 / 8] = (SIZE_T)&place, -1) { *answer = 0; } }
        break;
    case 9: /* a breakpoint is an exception, too */
        __try { breakpoint(); } __except (GetExceptionCode() == (NTSTATUS)0x80000003) { *answer = 3; }
        break;
    }
    return status;
}

/* A control with METHOD_NEITHER: copies the program's input to its output. */
static void EvtIoInCallerContext(PVOID Device, PVOID Request)
{
    typedef NTSTATUS (*RETRIEVE)(PVOID, PVOID, SIZE_T, PVOID *, SIZE_T *);
    typedef NTSTATUS (*ENQUEUE)(PVOID, PVOID, PVOID);
    PVOID input, output;
    SIZE_T in = 0, out = 0;
    NTSTATUS status = CALL(RequestRetrieveUnsafeUserInputBuffer, RETRIEVE)(Globals, Request, 1, &input, &in);
    if (status < 0) { /* another method: to the queue (WdfDeviceEnqueueRequest) */
        status = CALL(DeviceEnqueueRequest, ENQUEUE)(Globals, Device, Request);
        if (status < 0) complete(Request, status, 0);
        return;
    }
    status = CALL(RequestRetrieveUnsafeUserOutputBuffer, RETRIEVE)(Globals, Request, 1, &output, &out);
    if (status >= 0) {
        if (out > in) out = in;
        __try {
            ProbeForRead(input, in, 1);
            ProbeForWrite(output, out, 1);
            memcpy(output, input, out);
        } __except (1) {
            status = GetExceptionCode();
        }
    }
    complete(Request, status, status >= 0 ? out : 0);
}
