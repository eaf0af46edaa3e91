/* Accesses to memory that is not there or not the driver's, and the sections of an image. Line numbers matter to the
 * tests only by the marks behind the lines. */

#include "../driver.h"

IMPORT PVOID ExAllocatePoolWithTag(int, SIZE_T, ULONG);
IMPORT void ExFreePoolWithTag(PVOID, ULONG);
IMPORT UCHAR KfRaiseIrql(UCHAR);
IMPORT void KeLowerIrql(UCHAR);

static WCHAR LinkName[] = L"\\DosDevices\\Faults";
static const volatile ULONG Constant = 5;
static volatile ULONG Data = 0x90C3;

/* What a C library would bring: a load configuration with a security cookie and guard pointers. */
SIZE_T __security_cookie = 0x00002B992DDFA232;
extern PVOID __guard_check_icall_fptr, __guard_dispatch_icall_fptr;
static void unguarded(void) {}
PVOID __guard_check_icall_fptr = (PVOID)unguarded, __guard_dispatch_icall_fptr = (PVOID)unguarded;
struct { ULONG Size; ULONG Start[21]; PVOID Cookie; SIZE_T Handlers[2]; PVOID *Check, *Dispatch; SIZE_T Rest[3]; }
const _load_config_used = { 0x98, { 0 }, &__security_cookie, { 0 }, &__guard_check_icall_fptr, &__guard_dispatch_icall_fptr, { 0 } };
_Static_assert(__builtin_offsetof(__typeof__(_load_config_used), Cookie) == 0x58, "offset of the cookie");
_Static_assert(__builtin_offsetof(__typeof__(_load_config_used), Check) == 0x70, "offset of the check");

#pragma code_seg("PAGE")
__attribute__((noinline)) static SIZE_T paged(SIZE_T value) { return value * 3; }
#pragma code_seg("INIT")
__attribute__((noinline)) static SIZE_T at_start(SIZE_T value) { return value + 1; }
#pragma code_seg(".text")
__attribute__((section("PAGEDATA"))) static volatile ULONG PagedData = 7;

static SIZE_T (*volatile AtStart)(SIZE_T) = at_start;
static SIZE_T (*volatile Paged)(SIZE_T) = paged;

static NTSTATUS initialise(void) { return STATUS_SUCCESS; }

#pragma clang diagnostic ignored "-Winfinite-recursion"
__attribute__((noinline)) static SIZE_T overflow(SIZE_T depth)
{
    volatile SIZE_T frame[64];
    frame[depth % 64] = depth;
    return overflow(depth + 1) + frame[(depth + 1) % 64];
}

__attribute__((noinline)) static void inner(volatile ULONG *place)
{
    *place = 1; /* MARK: inner */
}

__attribute__((noinline)) static void outer(SIZE_T place)
{
    inner((volatile ULONG *)place); /* MARK: outer */
    Data++;
}

static NTSTATUS act(ULONG function, SIZE_T input, SIZE_T *answer)
{
    switch (function) {
    case 1: outer(input); break;
    case 2: {
        volatile UCHAR *block = ExAllocatePoolWithTag(512, 100, 'tseT');
        ExFreePoolWithTag((PVOID)block, 'tseT');
        *answer = block[10];
        break;
    }
    case 3: {
        volatile UCHAR *block = ExAllocatePoolWithTag(512, 96, 'tseT');
        block[95] = 1;
        *answer = block[input];
        ExFreePoolWithTag((PVOID)block, 'tseT');
        break;
    }
    case 4: *answer = overflow(0); break;
    case 5: *(volatile UCHAR *)(SIZE_T)outer = 0xC3; break;
    case 6: *(volatile ULONG *)&Constant = 6; break;
    case 7: ((void (*)(void))(SIZE_T)&Data)(); break;
    case 8: *answer = AtStart(input); break;
    case 9: *answer = Paged(input) + PagedData; break;
    case 10: {
        UCHAR old = KfRaiseIrql(2);
        *answer = Paged(input);
        KeLowerIrql(old);
        break;
    }
    case 11: {
        UCHAR old = KfRaiseIrql(2);
        *answer = PagedData;
        KeLowerIrql(old);
        break;
    }
    case 12: *answer = __security_cookie; break;
    case 13: { /* through the guard: the check returns, the dispatch calls */
        SIZE_T result = input;
        ((void (*)(PVOID))__guard_check_icall_fptr)((PVOID)Paged);
        __asm__ volatile("subq $32, %%rsp\n\tcallq *%1\n\taddq $32, %%rsp"
                         : "=a"(result) : "m"(__guard_dispatch_icall_fptr), "a"(Paged), "c"(input)
                         : "rdx", "r8", "r9", "r10", "r11", "memory");
        *answer = result;
        break;
    }
    case 14: ((void (*)(void))input)(); break;
    case 15: *(volatile ULONG *)0xFFFF800000001000ULL = 1; break;
    case 16: *answer = *(volatile SIZE_T *)0x1234567890ABCDEFULL; break;
    }
    return STATUS_SUCCESS;
}
