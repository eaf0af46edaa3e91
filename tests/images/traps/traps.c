/* Instructions that only a kernel may execute, each behind a device control. */

#include "../driver.h"

static WCHAR LinkName[] = L"\\DosDevices\\Traps";
int _fltused = 1;
static volatile ULONG DpcRan;
static PVOID Dpc;

static void EvtDpc(PVOID Object) { (void)Object; DpcRan = 1; }

static NTSTATUS initialise(void)
{
    WDF_DPC_CONFIG config = { sizeof config, (PVOID)EvtDpc, 0 };
    WDF_OBJECT_ATTRIBUTES attributes = { sizeof attributes, 0, 0, 1, 1, Device, 0, 0 };
    return CALL(DpcCreate, NTSTATUS (*)(PVOID, WDF_DPC_CONFIG *, WDF_OBJECT_ATTRIBUTES *, PVOID *))
        (Globals, &config, &attributes, &Dpc);
}

static SIZE_T read_irql(void) { SIZE_T irql; __asm__ volatile("movq %%cr8, %0" : "=r"(irql)); return irql; }
static void write_irql(SIZE_T irql) { __asm__ volatile("movq %0, %%cr8" : : "r"(irql) : "memory"); }
static SIZE_T read_tsc(void) { ULONG a, d; __asm__ volatile("rdtsc" : "=a"(a), "=d"(d)); return a | (SIZE_T)d << 32; }

#define SHARED(type, offset) (*(volatile type *)(0xFFFFF78000000000ULL + (offset)))

static NTSTATUS act(ULONG function, SIZE_T input, SIZE_T *answer)
{
    switch (function) {
    case 1: *answer = read_irql(); break;
    case 2: { /* raise, queue a DPC, lower: it runs when the IRQL drops and not before */
        SIZE_T result;
        DpcRan = 0;
        write_irql(2);
        result = read_irql() << 8;
        CALL(DpcEnqueue, UCHAR (*)(PVOID, PVOID))(Globals, Dpc);
        result |= DpcRan << 4;
        write_irql(0);
        *answer = result | DpcRan;
        break;
    }
    case 3: __asm__ volatile("int3"); break;
    case 4: __asm__ volatile("int $0x2c"); break;
    case 5: __asm__ volatile("int $0x29" : : "c"(3)); break;
    case 6: { /* the current thread, which stays the same, and the processor's number by its two names */
        SIZE_T thread, again; ULONG number; UCHAR legacy;
        __asm__ volatile("movq %%gs:0x188, %0" : "=r"(thread));
        __asm__ volatile("movq %%gs:0x188, %0" : "=r"(again));
        __asm__ volatile("movl %%gs:0x1a4, %0" : "=r"(number));
        __asm__ volatile("movb %%gs:0x184, %0" : "=r"(legacy));
        *answer = (thread == again && thread >> 63) | (SIZE_T)(number < 8 && legacy < 8) << 1;
        break;
    }
    case 7: __asm__ volatile("movq %%gs:0x28, %0" : "=r"(*answer)); break;
    case 8: *answer = SHARED(SIZE_T, 8); break;              /* InterruptTime */
    case 9: *answer = SHARED(SIZE_T, 0x14); break;           /* SystemTime */
    case 10: { /* waits for the clock: would hang if reading it took no time */
        SIZE_T start = SHARED(SIZE_T, 8);
        while (SHARED(SIZE_T, 8) - start < 1000) {}
        *answer = SHARED(ULONG, 0x26C);                      /* NtMajorVersion */
        break;
    }
    case 11: *answer = SHARED(SIZE_T, 0x700); break;
    case 12: __asm__ volatile("ud2"); break;
    case 13: *answer = 1000 / (ULONG)input; break;
    case 14: { SIZE_T first = read_tsc(), second = read_tsc(); *answer = second - first; break; }
    case 15: { /* a device that answers at two ports */
        ULONG wide; UCHAR narrow;
        __asm__ volatile("outb %0, %1" : : "a"((UCHAR)input), "Nd"((unsigned short)0x3F8));
        __asm__ volatile("inb %1, %0" : "=a"(narrow) : "Nd"((unsigned short)0x3F9));
        __asm__ volatile("inl %1, %0" : "=a"(wide) : "Nd"((unsigned short)0x3FC));
        *answer = narrow | (SIZE_T)wide << 8;
        break;
    }
    case 16: __asm__ volatile("cli"); break;
    case 17: { ULONG a, d; __asm__ volatile("rdmsr" : "=a"(a), "=d"(d) : "c"(0x1B)); *answer = a; break; }
    case 18: write_irql(99); break;
    case 19: { /* registers and flags are what they were after a trap */
        SIZE_T sum = 0, kept = 0; double x = 1.5, y;
        __asm__ volatile("movq %2, %%xmm9\n\tmovq $0x1122334455667788, %%r13\n\tmovq $7, %%r11\n\tcmpq $8, %%r11\n\t"
                         "movq %%cr8, %%rax\n\tsetb %b0\n\tmovq %%xmm9, %1\n\tmovzbl %b0, %k0\n\taddq %%r13, %0\n\taddq %%r11, %0"
                         : "=&q"(sum), "=&r"(kept) : "r"(*(SIZE_T *)&x) : "rax", "r11", "r13", "xmm9");
        y = *(double *)&kept;
        *answer = sum + (y == 1.5);
        break;
    }
    case 20: write_irql(2); write_irql(0); *answer = SHARED(ULONG, 0x320) == SHARED(SIZE_T, 8) / 156250; break;
    }
    return STATUS_SUCCESS;
}
